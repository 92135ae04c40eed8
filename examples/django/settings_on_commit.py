from settings import *

ROOT_URLCONF = "users.views_on_commit"
