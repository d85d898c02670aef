"""Names of people where they stand with a role: 客服主管张伟, 客服小王, 王主管, `agent Amy`.

A field for a role or a name is taken apart: what is a role is not private, and what is a name is. Han has no capitals
and no blanks, so a name is known by its form: a surname with one or two characters behind it, 小王, 王工, 果果. A
role alone names nobody, and neither does a place or a kind of work before one: 杭州客服, 退款专员.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = [
    "FORMS",
    "ROLE",
    "beside_title",
    "is_role",
    "names_in_role",
    "person_names",
    "surname_of",
]

OF_A_PLACE = (
    "拼多多|多多|平台|官方|店铺|商家|卖家|快递|物流|售后|在线|人工|专属|值班|高级|投诉|消费者"
    "|电商|运营|银行|支付|网点|客服|市场监管[所局]?|监管所"
)
POSTS = (
    "客服|主管|经理|专员|组长|班长|店长|店主|老板|掌柜|承办人|工作人员|快递员|派件员|站长|站点|调解员|书记员|法官|坐席"
    "|座席|审核员|负责人|领导|系统|机器人|自动回复|小二|助手|所长|科员|民警|话务员|接线员|受理员|办事员|仲裁员|记者"
    "|助理|代表|店员|仓管员|顾问"
)
ALONE = "拼多多|平台|官方|店铺|商家|卖家|快递|物流|仓库|厂家|支付平台|银行|消协|市监局|市场监管(?:局|所)|法院|热线"
ROLE = f"(?:(?:{OF_A_PLACE})*(?:{POSTS})|{ALONE})"
"""A pattern for a role: a place and a post, or one of those that stand alone."""

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟"
    "谭陆汪"
    "范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔"
    "伍庞颜"
    "倪庄聂章鲁岳翟殷詹申耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻"
    "祁蒲房"
    "滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂佟应臧闵苟邬边卞姬师仇栾隋商"
    "刁沙荣"
    "巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼闻厉伊仝郜阚屠朴盖廉"
    "禹祖漆"
    "狄索晋芮阙戈薄邸雍辜裘亓邰赫杭况宿逯茹亢嵇湛戎茅尉檀昝衡欧常傅岑"
)
_TWO = "欧阳|上官|司马|诸葛|夏侯|皇甫|尉迟|公孙|慕容|令狐|司徒|东方|南宫|长孙|宇文|端木|轩辕"
_SURNAME = f"(?:{_TWO}|[{_SURNAMES}])"
_HAN = "\u4e00-\u9fff"

_TITLES = "女士|先生|小姐|老师|师傅|同志|警官|律师|主任|科长|处长|局长|队长|部长|总监|工程师"
_SHORT_TITLES = (
    "工(?![作资商程单人厂期具号夫])|总(?![共是部计额数会之有要])"
    "|姐|哥|妹|队(?!伍)|科(?!技)|处(?![理罚分置于在])|局(?!面)"
)
_NICKNAME = f"(?:[小老阿](?![时票店二件样区姐组心额程板师是客里家众堂型批声费份事错问])[{_HAN}A-Za-z]|大[{_SURNAMES}])"

_NO_NAME = (
    "高级|官方|高峰|高见|程序|文明|方才|方式|方向|张口|常说|余下|成立|施压|周[一二三四五六日末内]|于[明今本\\d]"
    "|钱[已没还都款]|马上|高度|安排|应该|应当|方面|方便|时间|时候|时效|关于|关闭|解释|解决|任何|白天|白班|满意|单独"
    "|单号|单证|平时|温馨|万一"
    "|明天|明确|明白|全部|商品|商务|商城|官网|商量|查询|查看|查找|查明|和解|成功|成交|连续|包裹|包赔|金额|金融|金牌"
    "|安全|安装|安保"
    "|房产|车险|路线|文员|文字|文书|费用|管理|原因|原先|原来|路上|迟迟|向我|于是|方案|易碎|常用|常规|司机|项目|余额"
    "|何时|何人"
    "|付款|乐意|乐于|施工|华东|华南|华北|华中|南方|南区|文档|严重|严格|严肃|强制|燕郊|终于|曾经|许诺|许可|许多|易货"
    "|游客|毕竟|计划"
    "|杭州|苏州|郑州|徐州|温州|常州|柳州|梅州|安徽|安阳|安庆|江苏|江西|江门|云南|吉林|宁波|宁夏|武汉|成都|海口|金华"
    "|连云|景德"
    "|黄石|黄山|黄冈|马鞍|南京|南昌|南宁|南通|包头|毕节|曲靖|商丘|周口|许昌|齐齐|甘肃|阳江|阳泉|石家|荆州|桂林|华为"
    "|中通|顺丰"
    "|万科|万达|京东|唯品|苏宁|单位|关系|左右|时段|应诉|应急|查收|封号|封存|古董|简单|简称|从来|连接|安抚|解答|解散"
    "|路由|谈话"
)
"""Words that begin with the character of a surname."""

_OFFICES = "部组处科站店网台厅院镇街区县市省所局"
_NO_PERSON = f"[{_HAN}]*(?:[{_OFFICES}]|中心|团队|热线|人员|专线|电话|通道|平台|公司|小组|大队)"
"""What ends like this is an office or a place."""

_FULL = (
    f"(?!{_NO_NAME})(?!{_SURNAME}[{_HAN}]?[{_OFFICES}](?![{_HAN}]))(?!{_SURNAME}(?:{POSTS})(?![{_HAN}]))"
    f"{_SURNAME}[{_HAN}]{{1,2}}?"
)
_BY_TITLE = f"{_SURNAME}(?:{_TITLES}|{_SHORT_TITLES})"
_TWICE = f"(?!常常|刚刚|天天|人人|个个|往往|慢慢|好好|多多|说说|看看|问问|等等|谢谢|拜拜)([{_HAN}])\\1"
_LATIN = "[A-Z][A-Za-z]{1,19}"
_NAME = f"(?:{_BY_TITLE}|{_NICKNAME}|{_FULL})"

_WHOLE = re.compile(f"(?:{_NAME}|{_LATIN}|{_TWICE})")
_ONE = re.compile(_SURNAME)
_OFFICE = re.compile(
    f"{_NO_PERSON}|(?:{_NO_NAME})[{_HAN}]*|(?:工号|编号)?\\d+|[\\d一二三四五六七八九十A-Z]{{1,6}}[号线]?"
    f"|(?:{POSTS}|{ALONE}|{OF_A_PLACE})+"
)
_LAST = re.compile(f"(?P<name>[^\\s]{{1,4}}?)(?P<role>(?:{OF_A_PLACE})*(?:{POSTS}))")
_ROLE_ALONE = re.compile(ROLE)
_SAID_TO_BE = re.compile(r"(?:昵称|姓名|名叫|花名|名字是)\s*[:：]?\s*[“\"「『]?(?P<name>[^”\"」』）)\s，。]{1,8})")
_BETWEEN = re.compile(r"[\s()（）\[\]【】“”\"「」『』,，、/|:：·—_-]+")

_VERBS = (
    "说|称|讲|问|表示|回[复答电访应]|答[复应]|告[知诉]|承诺|保证|让|要求|来电|来信|通知|同意|拒绝|确认"
    "|处理|联系|打来|发来|挂"
)
_MEANWHILE = "于|在|已|又|再|也|还|就|把|给|和|与|跟|的|对|当|昨|今|一|会|将|能|没|不|刚|只|都|向|通过|经"
_STOPS = f"[^{_HAN}A-Za-z]|$"
_COMMON = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭林罗郑梁谢宋唐韩冯邓曹彭曾肖田董袁潘蒋蔡余杜"
    "叶苏魏吕丁沈姚卢姜崔钟谭陆汪范廖贾夏韦邹孟熊秦邱尹薛闫段侯陶黎顾郝龚邵覃戴莫孔"
)
_VERBAL = "查解谈应关管单时封向于从连包简申计项车满由商官原强和任"
"""Surnames that are other words more often: where the words alone are at hand they are none."""

_SPEAKS = (
    "客服|主管|经理|专员|组长|班长|站长|店长|承办人|工作人员|快递员|派件员|调解员|书记员|法官"
    "|坐席|座席|话务员|接线员|负责人|民警"
)
IN_WORDS = (
    rf"(?:{_SPEAKS})(?:叫|名叫|[（(“\"])?[ ]?"
    rf"({_BY_TITLE}|{_NICKNAME}(?=(?:{_VERBS}|{_MEANWHILE}|{_STOPS}))"
    rf"|(?=[{_COMMON}]){_FULL}(?=(?:{_VERBS}|{_MEANWHILE}|{_STOPS}))|(?![{_VERBAL}]){_FULL}(?=(?:{_VERBS}|{_STOPS})))"
)
"""A name behind a role in a text, by its form alone; the name is the first group."""


_GIVEN = (
    "伟芳娜敏静丽强磊军洋艳勇杰娟涛明超秀霞平刚桂英华玉萍红玲芬燕彬斌兰凤洁梅琳素云莲真环雪荣爱妹香月莺媛瑞凡佳嘉琼"
    "勤珍贞莉娣叶璧璐娅琦晶妍茜秋珊莎锦黛青倩婷姣婉娴瑾颖露瑶怡婵雁蓓纨仪荷丹蓉眉君琴蕊薇菁梦岚苑婕馨瑗琰韵融园艺咏"
    "卿聪"
    "澜纯毓悦昭冰爽琬茗羽希宁欣飘育滢馥筠柔竹霭凝晓霄枫芸菲寒伊亚宜姬舒影荔枝峰毅俊健东文辉永世广志义兴良海山仁波贵"
    "福龙元全国胜学祥才武新利清飞富顺信子昌成康星光天达安岩茂进林坚和彪博诚先敬震振壮群豪心邦承乐绍功松善厚庆民友裕"
    "河哲"
    "江浩亮政谦亨奇固轮翰朗伯宏若鸣朋梁栋维启克伦翔旭鹏泽晨辰士建家树炎德泰盛雄琛钧冠策腾楠榕风航弘轩梓涵诗雨桐宇睿"
    "铭妮萱依诺晗萌雯雅琪茵淑惠珠翠芝春菊婧妤娇姗姝妙妃莹蕾莱芷芮苒茹菡葵蔓颜瑜瑛璇璟珂瑄玥珺玮珏珩彤岳崇嵩川帆帅师"
    "忠恒"
    "恩慧懿斯昊昂昕昱晋晏晖景晴智曦朝柏柯桦森楷沁沐沛泉泓洲浦润淇淼渊源溪滨漫潇澄瀚烨焕煜熙熠燃牧玄理甜畅皓益硕礼祎"
    "祺禹立竣章童笑筱简粤纪纳纬继绪绮罡耀聿胤舟艾芃苏茉荃莘菀蓝蕴虹蝶语谊谨赟赫越跃轲迅远适逸道邑郁鉴钊钰铎银锋锐镇"
    "闻阳"
    "阔隆雷霆霖靖韬韶颂飒骁骏骞高鸿鹤麒麟黎齐保根宝水火土金木钢铁柱栓锁喜财旺桥培奎奕宗宾宽密尚尧展岗年廷彦律循念怀"
    "恺悠情意慈扬拓捷敦斐方旋旦昆映晔晚普显暄曼朔杉杏村杨果染栩格梧棋棠棣楚榆槐正殊沅沙泳洪活浒浓淳渝湘滔漪潮澈灏灵"
    "灿炜"
    "炫炳烁烈煊照特珈珑琅琢璋瓒甫画盈睦知石秉科稷穆笙笛箫绣缘美翊翎耘舜芊芋芙花芽苗萧薪藏蘅虎衍袁见观诠谷豫贤贝赋赞"
    "辛迪郎郡重野钦铮锡镜闰陶霏音顶颐飏骐鱼鲁鲲鸥鹃鹭麦默鼎小然修凯仲叔季孟冬夏少仕佩儒兆冉卓占双啸喆圣均垚堂增大太"
    "央尔"
    "帝彝忆恬惟抒攀攸晟暖暮曙望权材柳桃梨棉歌殿汉汝池沂沣添溢滕潞潼炅烽焱煦熹牡玫琨琮皎盼稚竞筝紫绢羡翀翡聆肃舸芯苇"
    "葳蓬蔚虞蝉觅贻赐辅轶逊遥邈钏闯陵霁靓韧驰骄骅魁鸾龄彧昶淦湖炽燚玖珉琇皖眸砚祯稳竺翕葆蕙袖谕谱迎采钟铠伶俐俪偲允"
    "劭卉"
    "嫣嫦嫒嬅孜孺屹岑崧嵘巧幼廉弈彭徽忻愉慕憬敖昀晰暐朵杭杞枢栾桢椿槿樱橙汐洛浠浚涌淏湉溥滋漾澍澎濛濡炀烊焰煌熔爵猛"
    "珞珮琎瑭璞璠璨皑皙睛禾穗簌粒纾绎绚绫缇翘耕肖臻舫苓荀莓萦葛蒲蓁蘋虔蛟裳襄诣谅赛轼轾辕酉釉铃铄锟锴镕隽雍霂韦颉颍"
    "飚髦"
    "魏鲤鹄麓思言可行欢力来生之程"
    "一"
)
"""Characters of which given names are made. Without a label or a role a name is one only if it has no other."""

_SAYINGS = (
    "方[法便面式向案言程子]|明[显天确白朝亮年月日知晚明]|欧[洲美元]|万[元里年一分幸能家安]|文[学章艺化件科明字本静]"
    "|成[长果本功立年家为分]|高[兴山速铁价温档龄烧考贵大高峰科]|卫[生士]|关[心爱照于注]|黄[金河色花昏瓜豆鱼油连土]"
    "|何[时人以必况]|温[和柔馨水情州]|甘[心]|乐[观意园]|严[明重]|凌晨|安[心全静排装慰宁平]|舒[适畅心]|武[术汉]"
    "|华[为东北]|金[额融牌银]|纪[念律]|白[天]|强[烈]|江[山河水]|龙[虾年]|童年|韩[国版式语]|郑重|唐[朝诗]|宋[朝]"
    "|马[上路桶克虎达力]|周[年全到边天家末岁围期日]|夏[天季]|秋天|钟[爱情]|陆[续军海]|顾[家客问虑念]|陈[年列述旧]"
    "|林[业]|杨[梅树]|[王黄许余庄罗董严高林叶段孟柳牛苗方温仇白金商]家|巩固|温暖|庞大|沈阳|严[密谨寒]|庄重|施展"
    "|莫大|赫然|苏丹|康泰|明晚|穆斯林|伊斯兰|米兰|龙泉|廉洁|席子|谷[子物]|桂林|晋|武[艺昌]|高[尚新密歌]|成[语群方]"
    "|吉利|李子|田[里地]|叶子|苏[打州]|胡[乱子说]|孙[子女]|王[国者牌]|许[多久可]|谢[意谢]|余[额款年生]|莫[非名]"
    "|罗[列]|范[围本]|解放|陶[艺]|黎明|段[时子]|曾经|孔明灯|季[节风]|毕竟|周大福|周大生|李宁|王老吉|张小泉|徐福记"
    "|齐[心全]|伊利|荣[幸]|景[点]|农[民村家林学历]|游[泳艺乐园学]|尚可|宫廷|原[来木]|车[来里]|官[方家军]|向[来心善]"
    "|应[力承景]|时[光尚时来]|房子|史学|单[行纯程]|党[政章]|石[子桥英材]|冷[静水风天冰]|沙[发子土]|章程|班[子轮]"
    "|包[子涵]|古[树镇文典]|管[子道家]|师[友妹长]|南[方海山京昌]|盛[大行夏情]|路[子程桥]|衡[山水阳]|湛[江蓝]"
    "|皮[子炎]|池[子塘水]|谷子|楼[道兰顶]|伊[朗斯]|柴火|常[年来春]|解[放]|司[机]|商[家城]"
)
"""Words that have the form of a name."""

_NO_SHOP = f"(?![{_HAN}]{{0,6}}(?:旗舰|专营|专卖|公司|集团|超市|商行|小店|网店|店铺|品牌)|牌)"
_SOON = (
    f"{_STOPS}|{_VERBS}|{_MEANWHILE}"
    f"|[今年住身手现家来是因为投申购买订下付收签上本人女男,岁同大小五六七八九十三四二代]|电话|微信"
)
_WORDY = (
    "高何方石安文万成解卫游尚宫关常司原车官向应甘乐严时房史单党班冷费舒沙宁温师路左封边管金商齐宗饶施曲古江白全项强池水茅容"
    "包南盛章季伊明农祖毕连龙华武利柴皮席谷楼衡湛薄荣桑乌麻冰花景童麦阳柳凌喻闻干支屈权冀雷蓝蒙经简计"
)
"""Surnames that begin many words: with them a name is sure only where something follows that follows a name."""

_BARE = (
    f"(?!{_NO_NAME}|{_SAYINGS})(?:张三|李四|王五|赵六"
    f"|(?:{_TWO}|[{_COMMON}]|(?![{_WORDY}{_VERBAL}])[{_SURNAMES}])[{_GIVEN}]{{2}}"
    f"|(?:{_TWO}|[{_COMMON}])[{_GIVEN}](?={_SOON})"
    f"|(?![{_VERBAL}])[{_SURNAMES}](?:[{_GIVEN}]{{2}}(?={_SOON})|[{_GIVEN}](?={_STOPS}|{_VERBS}|[的今住])))"
)
_KIN = (
    "女儿|儿子|老公|老婆|丈夫|妻子|爱人|媳妇|妈妈|爸爸|母亲|父亲|爷爷|奶奶|外公|外婆|姥姥|姥爷|哥哥|姐姐|弟弟|妹妹"
    "|叔叔|舅舅|阿姨|姑姑|姑妈"
    "|婆婆|公公|岳母|岳父|丈母娘|侄子|侄女|外甥女?|孙子|孙女|闺女|宝宝|孩子|小孩|娃|男友|女友|男朋友|女朋友|室友"
    "|同事|同学|朋友|邻居|闺蜜|表[哥姐弟妹]"
    "|堂[哥姐弟妹]|家人|房东|租客|门卫|保安|前台|司机|师傅"
    + "".join(f"|{whose}(?:妈|爸|妻|夫|爷|奶|姐|哥|弟|妹|叔|舅|姑|姨|儿)" for whose in "我他她你")
)
_PAYEE = (
    "写的是|填的是|签的是|留的是|写着|会员|名字|签名|签字|落款|署名|全名|大名|仓库的|店里的|站点的|开户名|户名|开户人|持卡人|收款人|付款人|收款方|账户名|签收人|代收人|经办人|机主|户主|业主|收件人|收货人|寄件人"
    "|联系人|投诉人|申请人|下单人|购买人"
    "|姓名|患者|法定代表人|法人|消费者|当事人|顾客|买家|转账给|转给|款给|钱给|元给|块给|汇给|打给|退给|寄给|发给"
    "|交给|送给|卖给|找到|联系|问了"
)
_SELF = (
    "我(?:的?(?:名字|姓名|真名|全名|大名|本名)(?:叫做?|是|为)|是|就是|叫做?|,)|俺叫|本人|名字?叫做?|小名|乳名|叫做?"
    "|名为|真名|本名|实名"
)
IN_PERSON = (
    rf"(?:{_SELF}|{_KIN}|{_PAYEE})(?:名?叫做?|姓名|名字|是|为|(?:那?一?栏)?[写填]的?是?|显示的?是?)?"
    rf"[ :,(“「]{{0,2}}{_NO_SHOP}"
    rf"({_BARE}|{_BY_TITLE}(?={_SOON})|[小老阿][{_COMMON}](?={_SOON})|[{_HAN}]{{1,6}}·[{_HAN}]{{1,6}}"
    rf"|(?<=[姓真大小乳]名[叫是])(?!什么|不|没|姓名)[{_HAN}]{{2,3}}(?={_STOPS})"
    rf"|(?:(?<=叫)|(?<=[乳小]名))(?!妈妈|爸爸|爷爷|奶奶|哥哥|姐姐|弟弟|妹妹|叔叔|舅舅|公公|婆婆|姑姑|常常|天天|人人|个个|往往|多多|宝宝)"
    rf"(?P<twice>[{_HAN}])(?P=twice)(?={_STOPS}|{_VERBS}|的)|(?<=[我他她服儿妈爸弟妹哥姐]叫)[A-Z][a-z]{{1,15}}(?![A-Za-z]))"
)
"""A name where somebody says whose it is: 我叫王小明, 女儿张雨桐, 户名李娜."""

BY_AGENT = (
    rf"[由被让请找给跟替]({_BARE})(?=签收|代收|收件|收货|代签|领取|取走|拿走|代领|处理|负责|接待|承办|受理|经办"
    rf"|联系|打电话|办理|拒收)"
)
"""A name in what somebody did: 由王小明签收."""

_ALONE = f"(?!{_NO_NAME}|{_SAYINGS})(?:{_TWO}|[{_SURNAMES}])[{_GIVEN}]{{1,2}}"
BEFORE_HIDDEN = rf"(?:(?<![{_HAN}，])|(?<=[寄收]))({_ALONE})(?=[ ,:(-]{{0,3}}，)"
"""A name before what is hidden, as in an address that was copied: 王小明 13800138000."""

BEHIND_HIDDEN = rf"(?<=，)[ ,]{{1,2}}({_ALONE})(?={_STOPS})"

TITLED = rf"([{_COMMON}])(?=女士|先生|小姐|师傅|老师|阿姨|警官|律师)"
"""A surname with a title, whoever it is."""


_NO_LATIN = (
    "The|An?|It|I|My|Your|Our|Their|His|Her|This|That|These|Those|There|Here|Very|Not|No|Yes|So|Also|And|Or|But|If"
    "|When|While"
    "|Because|Since|After|Before|In|On|At|To|From|Of|For|With|By|As|Is|Are|Was|Were|Be|Has|Have|Had|Do|Does|Did|Will"
    "|Would|Can|Could|Should|May|Must|Please|Thanks?|Hello|Hi|Dear|Chinese|English|American|British|Customers?"
    "|Services?"
    "|Cent(?:er|re)|Support|Team|Platform|Shop|Store|Online|Pinduoduo|PDD|Taobao|Tmall|Temu|We[Cc]hat|Alipay|QQ"
    "|Douyin|JD|SF"
    "|Express|China|Shanghai|Beijing|Post|App|Hotline|Number|Orders?|Refunds?|Offices?|Bureau|Court|Bank|Company"
    "|Ltd|Co|Road"
    "|Street|Market|City|District|Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Jan"
    "|Feb|March"
    "|January|February|April|June|July|August|September|October|November|December|New|Good|Still|Just|Only|What|Who"
    "|How|Why"
    "|Where|All|Any|Some|Sir|Madam|Seller|Buyer|Merchant|Agent|Manager|Consumer|Law|Article|Martens|Coffee|Dior|Bean|Refused|Says?|Said|Told|Reply"
    "|Chat"
    "|Log|Name|Phone|Address|Account|Page|Note|Nobody|None|ID|Id|OK|Ok|VIP|Android|Apple|Windows|Excel|Quality"
)
_CAPITAL = rf"(?!(?:{_NO_LATIN})\b)[A-Z][A-Za-zÀ-ÖØ-öø-ÿ'’-]{{1,19}}"
_PINYIN = (
    "wang|li|zhang|liu|chen|yang|huang|zhao|wu|zhou|xu|sun|ma|zhu|hu|guo|he|gao|lin|luo|zheng|liang|xie|song|tang"
    "|han|feng"
    "|deng|cao|peng|zeng|xiao|tian|dong|yuan|pan|jiang|cai|yu|du|ye|cheng|su|wei|lu|ding|ren|shen|yao|cui|zhong|tan"
    "|fan|jin"
)
_MORE = rf"(?:\s(?:[A-Z]\.\s)?{_CAPITAL}|\s[A-Z]\.)"
IN_ENGLISH = (
    r"\b(?:(?i:my\sname(?:\sis|['’]s|:)|[a-z]+['’]s\s(?:full\s)?name(?:\sis|:)|name\son\s(?:the\s|my\s)?(?:card|parcel|account|order|id|label|package)(?:\sis|:)|I(?:['’]m|\sam)\scalled|name['’]s|(?:is|was|are|were|man|woman|girl|boy|guy"
    r"|lady|agent|rep|person|staff|someone"
    r"|somebody|daughter|son|one)\s(?:called|named)|named|goes\sby|signed(?:\sfor)?\sby"
    r"|(?:my|his|her|our|their)\s(?:little\s|elder\s|older\s|younger\s|old\s)?(?:daughter|son|wife|husband|mother"
    r"|father|mom|mum|dad"
    r"|sister|brother|aunt|uncle|grandmother|grandfather|grandma|grandpa|friend|neighbou?r|colleague|roommate|flatmate"
    r"|boyfriend|girlfriend|partner|boss|fianc[ée]e?|cousin|niece|nephew|landlord|landlady)(?:['’]s\sname\sis|,|\sis)?"
    r"|(?:agent|representative|rep|supervisor|courier|driver|clerk|officer|operator|mediator|judge|salesperson"
    r"|specialist"
    rf"|manager|assistant|advisor|adviser)(?:\snamed)?)|Mr\.?|Mrs\.?|Ms\.?|Miss|Dr\.?)"
    rf"\s({_CAPITAL}{_MORE}{{0,3}}|(?<=name is )(?:{_PINYIN})\s[a-z]{{2,8}}(?:\s[a-z]{{2,8}})?(?=[,.;!]|\sand\b|$))"
)
"""An English name behind a word that says whose it is."""

BOTH_NAMES = (
    r"\b(?:I\sam|I['’]m|[Tt]his\sis|[Ii]t\sis|[Ii]t['’]s|[Pp]aid\sto|[Tt]ransferred\sto|[Pp]ayee|[Hh]older"
    r"|[Bb]eneficiary"
    rf"|[Rr]egards,|[Ss]incerely,|[Ss]igned,|[Yy]ours,|[Dd]ear|[Cc]ontact:|[Bb]elongs\sto|(?:customer|buyer|consumer|complainant|applicant|undersigned),?|[Ii]t['’]s\sme,)\s({_CAPITAL}{_MORE}{{1,3}})"
)
"""First and last name where one may say other things, too."""

FORMS: tuple[tuple[str, frozenset[str]], ...] = (
    (IN_WORDS, frozenset()),
    (IN_PERSON, frozenset()),
    (BY_AGENT, frozenset()),
    (BEFORE_HIDDEN, frozenset("，")),
    (BEHIND_HIDDEN, frozenset("，")),
    (TITLED, frozenset()),
    (IN_ENGLISH, frozenset((
        *("name", "called", "goes by", "signed", "mr", "ms", "miss", "dr", "my ", "his ", "her ", "our "),
        *("their ", "agent", "rep", "supervisor", "courier", "driver", "clerk", "officer", "operator", "mediator"),
        *("judge", "sales", "specialist", "manager", "assistant", "advis"),
    ))),
    (BOTH_NAMES, frozenset((
        *("i am", "i'm", "i’m", "this is", "it is", "it's", "it’s", "paid to", "red to", "payee", "holder", "belongs"),
        *("beneficiary", "regards", "sincerely", "signed", "dear", "yours", "contact:", "customer", "buyer"),
        *("consumer", "complainant", "applicant"),
    ))),
)  # fmt: skip
"""Patterns for names of people in a text, by their form alone, with words in lower case of which such a text has one.

The name is the first group.
"""


def beside_title(surname: str) -> str:
    """A pattern for somebody called by the surname with a title or a role; the surname is one of the groups."""
    english = rf"(?<=[A-Za-z] )({re.escape(surname)})(?![{_HAN}])"  # alone in an English sentence, as in "the agent 李"
    if surname in _VERBAL:
        return f"({surname})(?={_TITLES})|{english}"
    called = f"{_TITLES}|{_SHORT_TITLES}|{POSTS}"
    others = f"(?:{_SPEAKS})[ ]?({re.escape(surname)})(?=(?:{_VERBS}|{_MEANWHILE}|{_STOPS}))"
    fond = f"[小老阿]({re.escape(surname)})(?=(?:{_VERBS}|{_STOPS}))"
    return rf"({re.escape(surname)})(?={called})|{others}|{fond}|{english}"


_ENGLISH_ROLE = re.compile(
    r"(?i)\b(?:agents?|reps?|representative|supervisor|manager|specialist|officer|clerk|operator|owner|support|service"
    r"|automatic reply|auto[- ]?reply|staff|leader|courier|driver|merchant|seller|mediator|judge"
    r"|dispatcher|bot|robot|system)\b"
)
_ENGLISH_WORDS = frozenset((
    *("shop", "store", "platform", "customer", "senior", "duty", "team", "lead", "head", "help", "desk", "after"),
    *("sales", "order", "refund", "official", "pdd", "pinduoduo", "bank", "court", "market", "regulator"),
    *("association", "ai", "vip", "app", "the", "of", "at", "from", "night", "day", "chat", "online", "hotline"),
    *("first", "second", "line", "handling", "china", "sf", "yto", "zto", "jd", "local", "case", "reply", "automatic"),
))  # fmt: skip


def names_in_role(role: str) -> tuple[str, ...]:
    """The names of people in what was typed as a role; none in a role alone."""
    return tuple(dict.fromkeys(_names(role, of_a_name=False)))


def person_names(name: str) -> tuple[str, ...]:
    """The names of people in what was typed as a name: all of it, unless a role stands in it or is all of it."""
    if not _has_role(name):
        return (name,)
    return tuple(dict.fromkeys(_names(name, of_a_name=True)))


def is_role(name: str) -> bool:
    """Whether what was typed as a name is a role and names nobody."""
    return not person_names(name)


def surname_of(name: str) -> str | None:
    """The surname by which a person may be called with a title: 李 of 李, 张 of 张伟, 王 of 王工 and of 小王."""
    bare = re.sub("^[小老阿大](?=.$)", "", name.strip())
    found = _ONE.match(bare)
    return found[0] if found is not None and len(bare) <= len(found[0]) + 2 else None


def _has_role(text: str) -> bool:
    return bool(re.search(f"{POSTS}|{ALONE}", text) or _ENGLISH_ROLE.search(text))


def _names(text: str, *, of_a_name: bool) -> Iterator[str]:
    if (said := _SAID_TO_BE.search(text)) is not None:
        yield said["name"]
        text = text.replace(said[0], " ")
    if text.isascii():
        yield from _english(text)
        return
    for token in filter(None, _BETWEEN.split(text)):
        yield from _in_token(token, of_a_name=of_a_name)


def _in_token(token: str, *, of_a_name: bool) -> Iterator[str]:
    if _ROLE_ALONE.fullmatch(token):
        return
    if _WHOLE.fullmatch(token) and not _OFFICE.fullmatch(token):
        yield token
        return
    first = _longest(token)
    if first:
        name = token[len(first) :]
        person = _WHOLE.fullmatch(name) or (of_a_name and len(name) > 1) or _ONE.fullmatch(name)
        if name and person and not _OFFICE.fullmatch(name):
            yield name
            return
    if (last := _LAST.fullmatch(token)) is not None and (
        _WHOLE.fullmatch(last["name"]) or _ONE.fullmatch(last["name"])
    ):
        yield last["name"]


def _longest(token: str) -> str:
    """The role that the token begins with, as far as it goes; "" where it does not begin with one."""
    ends = [found.end() for found in re.finditer(ROLE, token)]
    return token[: ends[-1]] if ends else ""


def _english(text: str) -> Iterator[str]:
    if _ENGLISH_ROLE.search(text) is None:
        return
    left = re.findall(r"[A-Za-z][A-Za-z.'-]*", _ENGLISH_ROLE.sub(" / ", text).replace("/", ";"))
    words = [word for word in left if word.lower() not in _ENGLISH_WORDS and word[:1].isupper() and len(word) > 1]
    if words:
        yield " ".join(words)
