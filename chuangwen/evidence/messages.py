"""What is said of a file that is not taken, of a photo that cannot be shown, and of what is odd about one.

Called by services, queries and views. Every code has its sentence and how to mend it.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chuangwen.evidence import rules

Said = tuple[Promise, Promise]

REFUSED: dict[str, Said] = {
    "empty": (_("文件是空的"), _("在相册里点开看看，再选一次")),
    "too_big": (
        _("文件超过 20 MB"),
        _("照片：在相机设置里选小一档的尺寸，或用“编辑—调整大小”缩小；文件：压缩图片后另存再传"),
    ),
    "unknown": (
        _("这不是照片，也不是能收的文件"),
        _("照片收 JPEG、PNG、HEIC、WebP、TIFF、GIF、BMP，文件收 PDF、Word、Excel、PPT 和 WPS"),
    ),
    rules.WEB_PAGE: (
        _("里面是网页，不是照片"),
        _("在网页里点住图片，选“保存图片”，再传保存下来的那一张"),
    ),
    rules.VIDEO: (_("这是视频，这里只收照片和文件"), _("放到要看的地方截一张图再传")),
    rules.ARCHIVE: (_("这是压缩包"), _("解开后再传，一次可以选很多张")),
    "not_photo": (_("这里要照片，这是文件"), _("拍一张或选一张照片")),
    "broken": (_("照片打不开，多半没有存完整"), _("在相册里点开看看；能看清，就再传一次，或截图后传截图")),
    "too_large": (
        _("照片的像素超过 6000 万"),
        _("在相机设置里关掉高像素模式，或用“编辑—调整大小”缩小再传"),
    ),
    "lost": (_("处理这张照片时服务器几次中断"), _("先再试一次；还不行，就缩小，或截图，再传")),
    "text": (_("照片里夹带了过多的文字数据"), _("截图，或另存为 JPEG，再传")),
}

DOUBTS: dict[str, Said] = {
    rules.CLOCK_AHEAD: (_("相机时间在上传之后，没有采用"), _("在说明里改成实际的时间，并把手机时间设为自动")),
    rules.CLOCK_RESET: (_("相机时间在 2000 年之前，没有采用"), _("在说明里改成实际的时间，并把相机时间调准")),
    rules.CLOCK_OLD: (_("相机时间比上传早 30 天以上"), _("确是旧照就不必改；不是，请改成实际的时间")),
    rules.CLOCK_DIFFERS: (_("相机时间和填写的差一天以上，采用了填写的"), _("填错了就改过来")),
    rules.POINT_NONSENSE: (_("照片里的坐标读不懂，没有采用"), _("选上点位就够了")),
    rules.POINT_OUTSIDE: (_("照片里的坐标在本市之外"), _("核对这张照片是不是在这里拍的")),
    rules.NAME_DIFFERS: (_("文件名和内容不是一种格式，按内容收下"), _("不必改")),
    rules.MANY_FRAMES: (_("动图或多页，只显示第一张"), _("别的几页要单独看，请分开传")),
}
