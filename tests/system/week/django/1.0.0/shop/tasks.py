import time

from celery import shared_task

from shop.models import Job


@shared_task
def work(name, seconds):
    job = Job.objects.create(name=name)
    time.sleep(seconds)
    job.finished = True
    job.save()


@shared_task
def tick():
    Job.objects.update_or_create(name="tick", defaults={"finished": True})
