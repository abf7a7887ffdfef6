from shop.worker import app as celery_app

__all__ = ["celery_app"]
__version__ = "1.3.0"
