"""What the figures of the catalogue are about: a topic has the figures whose keys begin with its words."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chuangwen.metrics.models import Metric


@dataclass(frozen=True)
class Topic:
    key: str
    label: str | Promise
    metrics: list[Metric]


# In the order of the page. A figure that none of these claims stands under the last one.
TOPICS: dict[str, tuple[str | Promise, tuple[str, ...]]] = {
    "volunteering": (_("学校志愿活动"), ("pupil", "shift", "attendance", "unit.classes")),
    "outcomes": (_("成效与心得"), ("outcome", "essay")),
    "posts": (_("岗点执勤"), ("post", "team", "incident", "unit.squadrons")),
    "supervision": (_("督导与隐患"), ("supervision", "hazard")),
    "order": (_("违法查处与宣传"), ("violation", "campaign", "publicity")),
    "meetings": (_("会议、培训与机构"), ("meeting", "training", "group")),
    "rounds": (_("巡查与保洁"), ("round", "cleaning")),
    "cases": (_("问题整改"), ("case",)),
    "service": (_("改造与服务"), ("works", "hotline", "clinic", "honour")),
    "other": (_("其他"), ()),
}


def by_topic(metrics: Iterable[Metric]) -> list[Topic]:
    """The figures under their topics, in the order of the catalogue; a topic without any is left out."""
    topics = {key: Topic(key, label, []) for key, (label, _words) in TOPICS.items()}
    for metric in metrics:
        topics[_topic_of(metric.key)].metrics.append(metric)
    return [topic for topic in topics.values() if topic.metrics]


def _topic_of(key: str) -> str:
    for topic, (_label, words) in TOPICS.items():
        if key in words or key.partition(".")[0] in words:
            return topic
    return "other"
