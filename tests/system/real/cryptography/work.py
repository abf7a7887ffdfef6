"""cryptography: AES-GCM against a known answer, a signature, a token there and back."""

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


def main():
    # Test case 2 of the GCM specification (McGrew and Viega).
    sealed = AESGCM(bytes(16)).encrypt(bytes(12), bytes(16), None)
    key = Ed25519PrivateKey.generate()
    key.public_key().verify(key.sign(b"message"), b"message")
    token = Fernet(Fernet.generate_key())
    print(f"sealed {sealed.hex()}, token {token.decrypt(token.encrypt(b'secret')).decode()}")


if __name__ == "__main__":
    main()
