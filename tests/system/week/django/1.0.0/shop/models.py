from django.db import models


class Job(models.Model):
    name = models.CharField(max_length=100)
    finished = models.BooleanField(default=False)

    def shown(self):
        return {"name": self.name, "finished": self.finished}
