from django.db import models


class Job(models.Model):
    name = models.CharField(max_length=100)
    finished = models.BooleanField(default=False)
    note = models.CharField(max_length=100, null=True)

    def shown(self):
        return {"name": self.name, "finished": self.finished, "note": self.note}
