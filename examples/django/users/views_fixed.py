"""A user's profile behind a cache that refuses a value read before the latest write.

Each write raises the user's generation. A reader stores what it has read only if the generation
is still the one that it saw before it asked the database.
"""
import json

from django.db.models.signals import post_save
from django.dispatch import receiver
from django.forms.models import model_to_dict
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.views import View
from django_redis import get_redis_connection

from users.models import User


cache = get_redis_connection()
STORE_IF_UNCHANGED = """
if (redis.call('GET', KEYS[2]) or '0') == ARGV[2] then
  redis.call('SET', KEYS[1], ARGV[1])
end
"""
INVALIDATE = """
redis.call('INCR', KEYS[2])
redis.call('DEL', KEYS[1])
"""


@receiver(post_save, sender=User)
def forget_profile(instance, **kwargs):
    cache.eval(INVALIDATE, 2, f"user:{instance.pk}", f"gen:{instance.pk}")


class Profile(View):
    def get(self, request, pk):
        key, generation_key = f"user:{pk}", f"gen:{pk}"
        cached, generation = cache.mget(key, generation_key)
        if cached is not None:
            return JsonResponse(json.loads(cached))
        user = model_to_dict(get_object_or_404(User, pk=pk))
        cache.eval(STORE_IF_UNCHANGED, 2, key, generation_key, json.dumps(user), generation or "0")
        return JsonResponse(user)

    def put(self, request, pk):
        user = get_object_or_404(User, pk=pk)
        user.name = json.loads(request.body)["name"]
        user.save()
        return HttpResponse(status=204)


urlpatterns = [
    path("health", lambda request: HttpResponse("ok")),
    path("users/<int:pk>", Profile.as_view()),
]
