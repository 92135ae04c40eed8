from django.db import models


class User(models.Model):
    id = models.IntegerField(primary_key=True)
    name = models.TextField()

    class Meta:
        db_table = "users"
        managed = False  # the table is made by schema.sql
