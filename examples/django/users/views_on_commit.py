"""A user's profile: read with get_or_set, deleted from the cache once the transaction is committed."""
import json

from django.core.cache import cache
from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.forms.models import model_to_dict
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.views import View

from users.models import User


@receiver(post_save, sender=User)
def forget_profile(instance, **kwargs):
    transaction.on_commit(lambda: cache.delete(f"user:{instance.pk}"))


class Profile(View):
    def get(self, request, pk):
        def load():
            return model_to_dict(get_object_or_404(User, pk=pk))

        return JsonResponse(cache.get_or_set(f"user:{pk}", load))

    @transaction.atomic
    def put(self, request, pk):
        user = get_object_or_404(User, pk=pk)
        user.name = json.loads(request.body)["name"]
        user.save()
        return HttpResponse(status=204)


urlpatterns = [
    path("health", lambda request: HttpResponse("ok")),
    path("users/<int:pk>", Profile.as_view()),
]
