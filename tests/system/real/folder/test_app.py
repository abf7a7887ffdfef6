def test_app():
    raise AssertionError("not part of the package")
