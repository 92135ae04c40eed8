from settings import *

ROOT_URLCONF = "users.views_atomic"
