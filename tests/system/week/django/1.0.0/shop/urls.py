from django.contrib import admin
from django.http import JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from shop import __version__
from shop.models import Job
from shop.tasks import work


def index(request):
    return JsonResponse({"version": __version__, "jobs": [job.shown() for job in Job.objects.order_by("id")]})


@csrf_exempt
@require_POST
def order(request, name, seconds):
    work.delay(name, seconds)
    return JsonResponse({"ordered": name})


urlpatterns = [
    path("", index),
    path("admin/", admin.site.urls),
    path("jobs/<str:name>/<int:seconds>", order),
]
