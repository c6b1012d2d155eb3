"""Further sentences for what the second hand had found missing, and look-alikes that stay.

Made by the same hand as the rules: they show that a rule is general, not how much of the world it knows.
"""

LANDLINES = ("021-58370264", "0571-86029375", "(0755) 2601 8842", "04-23518906", "02-2345-6789", "01062345678", "+86 21 5837 0264")
EXTENSIONS = ("转8013", "轉 315", "转分机 22", "分機22", "，分机：803", "#315", " ext. 22", " ext 22", ", extension 4410", " x22", "内线 501", "转八零一三", "(分機 315)")
BARE_EXTENSIONS = ("-803", "-8013", " #315")
NO_EXTENSIONS = (
    "转2线", "转3号窗口", "-2026年再打", "转12楼", "转1000元", "，转给小李", "转20分钟后", " x 3 times", " #工单4711", " - 803", "转8013室", "接50个来电",
)  # fmt: skip

ROADS = ("1127 N Alder St", "88 Queen's Road", "410 W 5th Avenue", "12 Harbour View Drive")
ENGLISH_TAILS = (" Apt 5, Portland, OR 97217", ", Apt 5B, Portland, OR 97217-1234", " Unit 12, Springfield", " #4C, Oakland, CA 94607", ", Suite 300", " Fl 3, Boston", " apt. 5, Portland")
TAIWAN_LEADS = ("9F.-2, ", "12F., ", "3F-1, ", "Rm. 5, 9F.-2, ")

ESTATES = ("朝阳区望京西园四区412号楼1706", "412号楼1706", "翠湖天地7號樓1203", "星湖街328号创意产业园5-B座301", "科技路9号3-A栋1201室", "新牌坊三路9号 翠湖柳岸 4-7-2", "滨江路18号,江南水岸12-3-1502", "福华三路阳光花园3-502", "建国路5号锦绣家园 4-7-2")
ESTATE_ENDS = ("，说快递员没上楼", "。", " 约了周六", "")
AT_HOME = ("我住3号楼2单元", "他住在12栋1单元", "寄到5號樓2單元", "地址：3号楼2单元")
STAYING_PLACES = (
    "3号楼2单元的客户都反映断网", "12栋1单元整体停电", "2号楼301会议室", "3号楼1204机房", "5号楼1200人疏散", "5号楼4012通来电", "3号楼和2单元", "4-7-2阵型", "中心比分 4-7-2",
    "去年7号楼2026年改造", "5-B方案 301元", "3號樓2單元的住戶都說沒網路",
)  # fmt: skip

DRIVERS = ("計程車司機 {} 態度不佳", "司機{}不肯開", "對方開{}租賃車，還車時里程對不上", "{}出租車在門口", "計程車司機：{}", "運將 {} 拒載", "司機大哥 {} 說的", "{}的司機態度差", "{} 私家車")
NO_DRIVERS = ("BGR-3906租賃車行開幕", "訂單BGR-3906租賃車一台", "BGR-3906自用車險", "司機共3906人", "BR-872營業車公會", "司机 GPS 2000 故障")

PASSPORTS = ("PA7203618", "N1234567", "X0412345", "LJ3456789", "K12345678", "AB 7203618")
NAMED_BEHIND = (
    "Travels on {}, Australian passport", "{} is his passport", "{} (UK passport)", "it says {}, a Canadian passport", "{}，澳洲护照", "{}是他的护照", "他出示{}（加拿大護照）", "{} passport, expired", "{}護照過期了",
)  # fmt: skip
NO_PASSPORTS = (
    "order {}, passport renewal", "{} and a passport cover", "{}, the passport desk", "工单{}，护照问题", "{}；護照到期", "case {} passport", "{} passports were printed", "{}，通知", "{} passport issue", "{}，护照换发问题", "{}, his passport scan is missing",
)  # fmt: skip

SAID = (
    "oh seven seven double oh nine hundred four eight two", "zero four one two three four five six seven eight", "oh two oh seven nine four six oh nine five eight",
    "four one five, five five five, nine hundred two", "oh nine one two, three four five, six seven eight", "four one five two hundred double one two three",
)  # fmt: skip
NOT_SAID = (
    "one hundred and four callers", "nine hundred four dollars", "zero one two three four five six seven eight nine", "order oh seven seven double oh nine hundred four eight two",
    "two hundred three hundred", "seven hundred",
)  # fmt: skip

BEGUN = ("三三零幺零六 幺九八七 零九二三 四五幺", "330106 1987 0923 451", "330106-19870923-4", "三三零一零六，一三八零，零一三八，零零零", "3301 0619 8709")
