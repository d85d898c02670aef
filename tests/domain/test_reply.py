"""What they said, as it is really written, and what it was: half of it says nothing on the matter.

Each heading gives who spoke, what it was (a reply, or what is no answer), what became of a filing, and whose turn it is
where the substance alone would say otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

import pytest

from pddtui.domain.case import REPLIES, Person
from pddtui.domain.entries import Side
from pddtui.domain.reply import Heard, read_reply
from pddtui.domain.turn import turn_after

SAID = """
# authority asked - -
请补充被投诉人的营业执照信息和付款凭证
请补充被投诉人的准确名称和地址
请携带身份证原件和付款凭证到所里来
请您于12月3日上午9时到我所参加调解
请在五日内补正材料
# authority decided accepted theirs
您的投诉已受理，编号2026110001
受理告知书：您的投诉本局已受理
您的投诉我局决定予以受理
告知受理
你反映的问题已立案调查
已决定立案
本局已于11月3日受理你的投诉
已立案
予以受理
# authority decided answered -
双方已达成调解协议，商家退款459元
投诉人与被投诉人达成和解，商家退款268元
经调解，商家同意退货退款
处理结果为：商家已退款，本件办结
本局对该商家作出行政处罚
裁定
# authority decided ended -
因被投诉人拒绝调解，我局决定终止调解
因双方未能达成一致，终止调解
企业拒绝调解，现终止调解并办结
终止调解决定书
已办结
经调解未果，终止调解
终止调解
# authority decided refused -
经审查，您的投诉不符合受理条件，决定不予受理
不属于我局管辖，请向经营者所在地市场监管部门反映
不予受理通知书
经调查，被投诉人行为不构成违法，不予立案
你的申诉不符合受理条件
对你提出的投诉不予受理
不属于我单位职责，不予受理
你单位举报事项不予立案告知书
决定书：对你的举报不予立案
# authority holding - -
您反映的问题我们已转办至辖区所，请等待
您好，已登记，承办人会在七个工作日内与您联系
您的诉求已转交属地市场监管所
我们会依法处理的
正在调查核实，有结果会告知您
还没到期限，再等等
王科长出差了，等他回来
收到，我们会尽快联系商家
您的来电已记录
材料正在流转中，请您耐心等待
# courier agreed accepted theirs
已联系网点确认遗失，同意按购买价赔付
确认丢件，同意全额赔付，打款到您账户
重新给您派送，今天送到
# courier holding - -
包裹在派送途中，请耐心等候
已经给您登记工单，网点会联系您
您好，已为您登记，网点会在24小时内给您回电
快件正在运输途中，请您耐心等待
这边帮您催促派件员尽快派送
理赔申请已提交，等待审核
查找中
# courier offered - -
未保价的最多赔三倍运费
最高赔付三倍运费，您看可以接受吗
给您赔50块钱，您看行吗
# courier other - -
亲，您的快件显示已签收，签收人是门卫
签收底单显示是物业代签
# courier refused refused -
丢件需要寄件人来理赔，您联系卖家
包裹已经正常签收，我们不承担责任
理赔必须由寄件人发起，请联系发货商家
您没有保价，不赔的
超过三十天了，查不到监控，处理不了
请您联系卖家处理
本公司对丢失生鲜不承担赔付责任
请联系发货商家处理
时效已过，不予理赔
我们只负责运输，商品质量问题请联系卖家
网点说已经投柜，不赔
# court decided accepted theirs
你院提交的立案申请已审核通过，案号（2026）沪0105民初1234号
予以立案，案号另行通知
# court decided refused -
本案裁定驳回起诉
裁定不予受理
# merchant agreed accepted -
支持七天无理由退货
这款支持无理由退货的亲
可以退的，您申请退货退款就行
可以给您换一个新的，您把坏的寄回来
同意退货退款
可以退的哦亲，您点申请退货就可以了
支持退货退款，运费我们出
可以换货的，您寄回来我们收到给您换新
行，你申请仅退款吧，我这边点同意
商家同意退货退款
亲，您拒收就可以了，退回来给您退款
您先退回来，收到货给您退全款
不影响您退款的，您申请就给您退
同意退货，运费险会赔您的
可以的，支持退换
You can return it, we pay the postage
不是不给您退，您申请一下我给您通过
可以退
不影响二次销售，可以退
您发起仅退款，我秒同意
可以，寄回来吧，退货地址：浙江省金华市
我们愿意承担运费，您退回来吧，收到就退款
麻烦您寄回来，收到后24小时内退款
给您补一个新的壶盖
可以全额退款，您点退货退款
可以退
支持退货
我们同意退货退款，请您寄回
亲，已经同意您的申请了，麻烦您寄回
您可以申请退款
# merchant agreed accepted theirs
抱歉确实发错了，给您补发
少的两袋给您补发，一个不少
没有坏的给您重新发
可以给您假一赔十
好的亲，同意给您退款
已经给您退款了哈，请查收
这边马上给您补发一件
不用退货，直接给您退款了亲
行吧，给你全额退
您的退款申请我们已经同意了，钱会原路退回
同意退款，3天内到账
给您重新发一份，不收您运费
同意
没问题的亲，给您退
亲，给您退了哈，注意查收
退款已同意
这边已经为您办理退款了，1-3个工作日到账
已原路退回，您查一下
好的亲，给您补发，明天就寄
马上给您重新寄一个
给您补寄漏发的两袋，单号晚点发您
不用寄回了，直接退您
商品您留着就行，给您全额退款
我给您通过了，您看下退款
答应退款
同意补寄
这边同意您的退款诉求哈
确实是我们发错了，给您换一件
己经给您退款了哦
给您推款了亲
全额退给您
We agree to refund you in full
OK, we will refund you
Refund approved, it will be in your account within 3 days
We will send a replacement today
We have refunded you
I have issued the refund
亲，不用寄回来，直接给您退款哈
已退款
已经退了
行，退你
我同意退款
商家已同意您的退款申请
老板同意给您全额退款了
亲，您那个已经给您补发了，单号SF123
好，给你换
退，马上退
已安排补发
给您退
已为您办理退款
马上补发
可以给您换
同意退款，3天内到账
这边给您重新发货
给你补发一套配件
# merchant asked - -
麻烦您拍一下照片发过来看看哦
请提供开箱视频
亲 您的订单号发一下
方便发个视频吗，我们看下是哪里坏了
请问您的订单号是多少？
您把退货的快递单号填一下
需要您提供品牌方的鉴定证明才能处理
没有开箱视频无法核实，请您补充一下凭证
亲，方便拍张照片看看吗
坏的地方拍个视频发我
请提供一下外包装照片和快递面单
麻烦把订单编号发一下哈
您需要退货还是换货呢？
亲，少了哪几件呢
请问坏了几个呢，拍照发下
您希望怎么处理呢亲
发一下您的支付宝账号，给您转
请您提供检测报告
亲 具体是哪里有问题呢
收货地址和电话再发一遍
需要您寄回来检测一下
请先把货寄回来，我们检查后再说
没有视频我没办法跟厂家申请哦，麻烦您补一个
Please send a photo of the damage
Could you provide the unboxing video?
What is your order number?
Please fill in the tracking number of the return
We need proof from the brand
亲，衣服吊牌照片发一张
有开箱视频吗亲
您先填一下退货单号
辛苦亲提供一下签收时的照片
您想退款还是补发
没有快递证明我们没法赔，麻烦您让快递开个证明
能发个照片吗
亲你收到的是什么颜色的，拍个照
麻烦提供一下物流签收的底单哈
请提供照片
麻烦发一下开箱视频
请补充
填写快递单号
请提供凭证
请问您的订单号是多少?
亲，您提供下坏的照片哈
把签收短信截图发来
您方便说一下具体哪个配件少了吗
# merchant holding - -
是不是正品您可以去专柜验
您看有没有坏的
收到货有没有破损呢亲
确认没少发后给您答复
仓库在核实有没有漏发，请耐心等待
是否正品以鉴定报告为准
我们会核实有没有发错
核实不是正品会给您退款
我们都是七天无理由的
亲，在的呢
在的亲，请问有什么可以帮到您呀~
您好，很高兴为您服务！
稍等哦亲，这边看一下
收到
好的亲
嗯嗯
亲您的问题这边已经帮您登记了，专员会在24小时内联系您的哦
给您加急处理了哈，请您耐心等待一下哦
不好意思呢亲，给您带来不便了
非常理解您的心情，我们一定会尽快给您一个满意的答复
[图片]
[表情]
😊🌹
？？？
亲，仓库那边正在核实中，核实好第一时间回复您
我们会按规定处理的
帮您催一下快递那边，有消息马上通知您哈
亲，现在客服下班了，明天上班给您看
我问下主管能不能给您退
这个我做不了主，要等老板回来
亲 您别着急哦 我们不会不管的
不是不给您退，是要走流程的呀
您要求退款的问题已经登记上报了
麻烦您再等等，一定给您处理好
谢谢您的支持与谅解，祝您生活愉快
亲爱的顾客您好，欢迎光临本店，有什么可以为您效劳的呢？
您好
亲~
OK
嗯好的 知道了
好滴亲，收到您的反馈了哈
亲亲稍等一下下哦，帮您查询中～
亲，客服正在飞速赶来，请稍等片刻哦
这边已经给您反馈给仓库了 有结果第一时间通知您哈
您反馈的退货问题我们会尽快核实处理的呢
亲，老板不在，等老板回来给您答复哈
亲，这个情况我需要跟上级请示一下呢
不好意思亲亲，久等了
真的非常抱歉呢亲，给您添麻烦了
理解您的着急，换成我也会着急的呢
我们店是正规店铺，一定会对您负责到底的
会给您一个满意的处理结果的
亲您消消气哈🙏
[表情][表情]
[语音]
[视频]
😂😂😂
...
？
嗯
哦
亲，您先别申请售后，我们内部沟通一下
今天太忙了，明天给您处理哈
现在是双十一高峰，售后人员比较少，请您谅解
亲，已帮您备注加急了
帮您跟快递催件了呢
已经联系快递帮您核实了，请留意电话
亲，仓库在盘点，盘点完给您看
财务周末不上班，周一给您处理
您没有说不退的呀，别着急
我们也没有说不给您处理呀
又不是不给你退，急什么
您是想问能不能退款吗？
您说退款的事情我已经记录下来了
有问题随时联系在线客服哦
麻烦亲给个五星好评哦
感谢您的耐心等待，我们会尽快处理
按照平台规则来就好了亲
一切以平台判定结果为准哦
我们同意帮您反馈
答应24小时内答复
不知道
不太清楚呢亲，我是新来的
您好，您的留言我们已收到，客服上线后会第一时间回复您
亲，售后专员稍后会和您联系，请您保持手机畅通哦
这边给您申请一下，看看能不能补偿您
已帮您提交退款申请，请等待审核
退款还在处理中，麻烦耐心等一下
Hello dear, how can I help you?
One moment please, let me check
We have received your message and will get back to you soon
Sorry for the inconvenience, dear
I understand how you feel
I passed it on to the warehouse
Please be patient, our specialist will contact you
Noted, thanks
Your refund is being processed
We did not say we will not refund
We will handle it according to our rules
I will ask my supervisor
We are looking into your refund request
亲，这边暂时无法为您退款，已帮您反馈给专员了
我没说不给你退啊，等仓库确认
不会不给您退的，您放心
退不退得看仓库那边怎么说，我帮您问问
您的退款需求我们非常重视哦
关于您反馈的退货问题，已登记处理
退货包裹我们已经收到了，正在检查
您退款的情况我跟老板反映了
您好 这边是售后，请问怎么称呼您
这个我要问下厂家
亲，不要着急退款的哈
亲亲，您先消消气，喝杯水🌸
给您加急了，真的给您加急了亲
在核实了在核实了
现在没货了，等补货给您发哦
今天一定给您处理
3天内退款
请留意站内信
嗯嗯好的亲，麻烦您耐心等一下下
[动画表情]
👍
.
客服小王为您服务
稍等，我帮您查一下订单
尽快给您退
稍后给您退款哈
我们会给您一个说法的
您的反馈对我们非常重要，感谢您的支持
已经在走流程了
财务在审批
下周一给您答复
这边已经帮您申请了，看审核结果
我是真人客服哦，不是机器人
亲，您的件已经在退回途中了，请耐心等
退款到账时间以银行为准哈
我们也很无奈呢亲
您先用着看看
这个我们也没遇到过
明天退款
我再确认一下
麻烦您再等两天
等快递那边回复我就回复您
您好，已催
已经给您催了，退款会尽快到的
马上下班了明天说
帮您反馈
已登记
已加急
专员会联系您
耐心等待
尽快处理
核实中
这边看一下
请问还有什么可以帮您
不好意思给您带来不便
没有说不退
您要求退款的问题已登记
同意反馈
理解您的心情
亲，我们会根据平台规则来的
您的申请我们看到了，会尽快审核
已为您备注，仓库会核实
亲您稍等，马上给您处理
退款的话需要等仓库收到货检查
这个我没权限
可以退吗？我问问老板
不支持退货吗？我帮您看下
# merchant offered - -
亲，给您补偿5元红包可以吗
您看退您一半行吗，商品不用退了
要不这样，给您20元无门槛优惠券，下次购物直接抵
最多给您退10块，再多就亏本了亲
只能给您部分退款哦
亲亲，给您返3块钱，您看行不行，麻烦把退款撤销一下
不支持退货哦，可以给您补10元
下次来给您多送一包，这次就算了吧亲
给您补偿8块钱您看可以吗亲
亲，给您申请5元红包，您就别退了好吗
退您30%可以吗
最多给你赔10元
老板说只能退一半
亲，您看给您退20块钱行不行
小问题不影响使用的，给您返5元哈
给您换一个新的可以吗？
给您补发一份行吗亲，就别退款了
您看补偿一张10元的优惠券怎么样
折价处理，给您退三十您留着用吧
不支持仅退款，可以退货退款
不能退款，只能换货
亲亲，给您部分退款您看行吗
提出20元券了结
只愿补50元券
只同意退货退款
钱不能全退，补您50吧
要不给您打个八折？
下单送您一份小礼品补偿一下好不好呢
We can offer you a 10 yuan coupon
How about a partial refund of 20 yuan?
I can refund half, is that ok?
We can only exchange it, no refund
Would you accept 15 yuan as compensation?
不退哦亲，补您5块行不行
退款不行，给您换一个吧
亲，撤诉的话给您退50
改个好评给您返现5元
给您一半您看成吗
我这边申请了10元补偿给您
加微信给您转20
送您一双袜子算了好吗
愿意补偿但是不退货，补20元
最多补发一个
给您便宜10块
这样吧，退你15，东西你留着
补偿5元
退您一半
给您20元券
部分退款
优惠券
您看10元可以吗
仅退部分
亲，我给您补10元您看行吗，就不用退了
给您赔付20元，东西您留着
退货退款不行，只能补发
亲，小瑕疵不影响使用，补偿您8元红包可以不
# merchant refused refused -
我们是正品
亲，我们是正品，您可以去鉴定，鉴定是假我们赔
本店保证正品，假一赔十
都是正品哦
100%正品，放心
您好，我们家都是专柜正品
我们没有发错货
东西没坏
仓库显示已经发齐
重量是够的
我们没有少发
打包了一个不少的
亲，这个退不了的哦
不退
本店商品一经拆封概不退换
非质量问题不支持退款的亲
您已经使用过了，影响二次销售，没办法给您退呢
亲这边看了，不是质量问题哦，属于正常现象
已经过了七天了亲，超过售后时效了
快递的问题您自己联系快递哈，我们只管发货
您找平台吧，我们处理不了
这是人为损坏，我们不承担责任
我们发货的时候都是检查好的，没有问题
不同意退款，商品没有问题
凭什么给你退？你爱投诉就投诉
特价商品不退不换，页面写得很清楚
一分钱一分货，这个价格您还想要什么质量呢，退不了
亲，运费我们不承担的哦，退货需要您自己出
抱歉，您的退款申请被拒绝，原因：买家责任
生鲜不支持七天无理由，坏一个也正常的，不赔
退不了
亲，抱歉哦，这个是不支持七天无理由的呢
定制商品，不退不换哦
亲，贴身衣物拆封后不支持退换的哈
不可以退的哦亲
这个没法退的，我们也亏本的
亲 这种情况我们是不予退款的
小店利润低，实在没办法给您赔呢
您这个是使用不当造成的，不在保修范围内
您买的时候就没问题，我们发出去都是好的
商品没有质量问题，您不喜欢可以转卖
色差是正常的，每个显示器不一样
手工测量有1-3厘米误差属于正常范围
已经签收超过48小时了，坏果不赔了哈
您这已经过了售后期了，处理不了的
吊牌都剪了，影响我们二次销售
物流的事情请您自行联系快递公司解决
快递弄坏的找快递赔，不关我们的事
我只是一件代发，你去找厂家
要退你走平台吧，让平台判
您申请平台介入吧，我们不同意
您去投诉好了，随便您
爱投诉投诉去
这个价还想退？做梦呢
怎么可能给你退，衣服都穿过了
别人买的都没事，就您有问题，不认
商家驳回，称人为损坏
称包装拆封影响再售
让自己联系快递
让我找快递
否认是假货，说是正品
商家拒绝退款
不接受任何理由的退货
没有开箱视频一律不赔付
赠品坏了是不补的哦
您自己地址写错了，重发的话我们不负责
不同意
拒绝
知持不了退款的亲
亲，不 支 持 退 货 的
系统不让退，退不了的亲
差评也没用，不会给您退的
我们不是平台自营，假一赔十不适用
活动商品不参与价保，退不了差价
No refunds on sale items
We cannot refund opened goods
Sorry, we won't accept the return, it has been used
Please contact the courier yourself
It is not a quality problem
This is normal wear, nothing we can do
Your request was rejected
The return window has expired
Refused to refund
That is not our responsibility
You are not eligible for a refund
不支持退款吗？不支持的亲
已经超过15天，不能申请售后了
不好意思亲，不能退的，请您理解
退货我们不收的
这种小问题没必要退
亲，您签收的时候没有验货，我们不负责的
您都用了一个月了还退什么
活动款是不退不换的呀
不给退就是不给退
这怎么给你退？
已拆封的食品是不能退的呢
不是我们的问题，是快递暴力运输，您找快递索赔
发出去就跟我们没关系了
您这属于个人原因，不喜欢不想要不退
退一赔三不可能的
商家以影响二次销售为由拒绝退款
对方说超过七天不给退
客服说不给退
售后申请被商家驳回
坚持说是正品，不同意赔偿
扫地机器人不支持退货
都说了不退你还问
亲，不是我们不给退，是平台规定不能退
无理由退货请自行承担运费，质量问题我们不认
超时了，退不了了
不存在少发，仓库有监控
您收到货三天了才说，不受理
只换不退
概不负责
要退自己出运费
不支持退款
无法退款
概不退换
这个退不了的亲
影响二次销售
不是质量问题
已超过时效
您自己联系快递
不在售后范围
这是正常现象
请走平台
找快递
亲，签收后不能退的
已经拆封使用了，不能退货
您这是恶意退款，我们不同意
我们已经发货了，没法退
超过了七天无理由时间
包装破损是快递造成的，不归我们负责
这个价格您就凑合用吧，退不了
# payment agreed answered -
争议款项已退回您的账户
拒付成功，款项已退回您的银行卡
# payment other - -
您的拒付申请已提交卡组织，预计45天有结果
# payment refused refused -
该笔交易已完成，银行无法撤销
该交易为本人授权，无法拒付
交易已完成，我行无法追回款项，请联系商家
# platform decided answered -
平台判定：支持买家退货退款，运费由商家承担
平台已判定：商家责任，支持退款
判定结果为：退货退款
经审核，您的申诉不成立，维持原判定
经审核，凭证有效，支持您的退款申请
After review we have decided in the buyer's favour, the refund will be issued
The platform ruled against the buyer
平台介入处理结果为：支持消费者退款
平台裁决买家胜诉，退款全额
平台审核通过，支持您的退货退款申请
平台介入结果：商家需在48小时内退款
平台判定商家责任
经审核，您的退款申请已通过
# platform decided refused -
经平台审核，您的申请凭证不足，不予支持
平台介入结果：驳回您的退款申请
平台判定买家责任，不支持退款
审核结果：驳回
Your complaint was not accepted
经平台判定商家无责
最终判定：不支持您的退款申请
经平台综合判定，本次不支持您的仅退款申请
经审核不符合条件，不予支持
不予受理
处理结果为：驳回
# platform holding - -
您好，您的问题已为您反馈至相关部门，请您耐心等待
已为您升级处理，专员会在48小时内与您联系，请保持电话畅通
平台正在核实中，请您关注站内消息
非常抱歉给您带来不好的体验，您的心情小多非常理解呢
我们会督促商家尽快为您处理的
请问还有其他可以帮到您的吗？
这边已经帮您催促商家了，建议您耐心等待商家处理
平台会根据规则公平公正判定，请您等待判定结果
您好，人工客服小美很高兴为您服务，请问有什么可以帮您
已为您加急反馈，预计1-3个工作日有专员联系您
这边帮您升级到专员处理，请您不要着急
您的问题已经受理，专员会尽快与您联系
亲亲，多多非常重视您的问题哦
平台会尽快介入判定，请耐心等待
平台已介入，正在等待商家举证
正在等待商家同意，商家超时未处理系统会自动退款给您
商家还没有同意，平台帮您催一下
请您耐心等待商家48小时内处理
我们会按规定处理
您的心情我完全能够理解，如果是我我也会很生气的
退款申请审核中，请留意消息通知
已反馈，未给时间
小妹这边没有权限哦，已经帮您转交给相关部门了
判定结果出来后会以短信形式通知您
3个工作日内给结论
您好，请您不要挂机，正在为您查询
感谢您的来电，请对本次服务进行评价
给您反馈了，请等待，具体以商家回复为准
已催促商家，商家会在24小时内联系您
小多已将您的问题升级，请耐心等待处理结果
处理结果会以短信通知您
正在为您加急处理
亲，平台会站在公平公正的立场处理的
您好，请您保持电话畅通，专员会在1-2个工作日内来电
该问题需要商家先处理，已帮您通知商家
亲，这边看到您的订单了，正在帮您处理呢
请问您是咨询这个订单吗
您的问题较为复杂，需要专员核实
平台已通知商家24小时内处理
# platform none - -
【自动回复】您好，店主正在忙，稍后回复您
当前排队人数较多，您前面还有23位
您拨打的电话暂时无人接听
智能客服：请选择您要咨询的问题
自动回复：在的亲，请问有什么问题呢
[自动回复] 您好 现在咨询量较大，请耐心等待
机器人客服：您可以点击下方问题
智能助手为您服务，请输入您的问题
无人接听
打了三次都占线
您好，当前人工客服繁忙，请稍后再试
按1查询订单，按2转人工
本邮件由系统自动发送，请勿直接回复
The line was busy
This is an automated reply, we will answer within 24 hours
Nobody picked up
No answer.
your call is in a queue, please hold
【智能客服】亲，请选择您遇到的问题
您好！我是机器人小蜜
自动应答：客服不在线
对方已关机
没人接
没人理
# platform other - -
建议您先与商家协商，协商不成可以再申请平台介入
您可以在订单详情页申请退款
请您先联系商家协商处理哦
这边建议您和店铺沟通一下呢亲
协商不成的您可以申请平台介入
您可以在订单页面自行申请退货退款
# platform refused refused -
无法提供商家信息
商家信息属于隐私不能提供
经核实您的订单已超过售后期，平台无法为您处理退款
这个订单不符合退货包运费的赔付条件哦
很抱歉，平台这边无法支持您的诉求
很遗憾，您的订单不满足仅退款条件
平台没有权利强制商家退款，无法干预
抱歉，该订单无法追回款项
建议您走法律途径解决
超过售后有效期，系统无法再次申请
您可以拨打12315进行投诉
平台规则不支持未发货以外的仅退款
该商品不参加退货包运费
这个平台没办法帮您处理了呢
很抱歉，无法满足您的诉求
已经是最终处理结果了，平台无法再介入
抱歉，您的订单不支持极速退款
# association decided accepted theirs
消协已受理您的投诉
# association decided answered -
经消协调解，双方达成协议
# association decided ended -
调解不成，终止调解
# association refused - -
经营者不接受调解，我会无强制力，建议您诉讼
# authority refused - -
商家不同意调解，建议您向法院起诉
# authority refused refused -
这个我们管不了，建议你走司法途径
请向平台所在地的市场监管局投诉
这属于合同纠纷，建议走司法途径
# courier agreed answered -
已经给您理赔到账了
# courier asked - -
请提供一下运单号
请您提供价值证明和收款账号
# court asked - -
请于七日内缴纳诉讼费
请补充被告的身份信息
# court decided answered -
判决被告于十日内退还货款359元
调解书已生效
# court decided ended -
本院裁定准许撤诉，已结案
# court holding - -
材料已收到，正在审核，请等待通知
# merchant other - -
亲，物流显示已经签收了呢
衣服是纯棉的，不是化纤的
说明书里写了要先充电六小时
如果是质量问题可以退的
属实的话给您赔付
发货记录显示，是按您订单发的两件
这款已经断货了亲
The parcel was signed for on Monday
The item is out of stock
亲 生产日期在瓶底
我们是代理商，不是厂家
如果检测是假的我们假一赔十
如果是我们的问题可以退
# payment asked - -
请提供交易凭证和沟通记录截图
# payment holding - -
您好，已为您登记争议，请您耐心等候
已转交相关部门核实
# platform agreed accepted -
已为您申请成功，退款已原路返回
# platform agreed accepted theirs
平台同意为您退款89元，预计1-3个工作日到账
平台这边可以先行赔付给您
您的仅退款申请已经通过
# platform asked - -
请您在48小时内上传凭证，逾期视为放弃
需品牌方或鉴定机构证明
请问是哪个订单呢，麻烦提供订单号
请补充清晰的开箱视频
# platform decided accepted theirs
平台已受理您的介入申请
Your complaint has been accepted
已受理
# platform decided ended -
介入已关闭
The mediation was terminated
# platform offered - -
平台给您补偿一张5元无门槛券，您看可以吗
我们愿意给您10元优惠券作为补偿
# police decided accepted theirs
已立案侦查
# police decided refused -
决定不予立案
# merchant agreed accepted theirs
您的退款申请商家已同意
您的退款申请商家已经通过了
已经给您通过退款申请了
已经为您同意了仅退款申请
愿意全额退款100元
同意您的退款诉求
The refund has been approved
我们不是骗子，可以给您退款
# merchant agreed answered -
退款已经打到您账户了
钱已经打到您支付宝了
款项已转入您账户
已打款到您账户
退款已退回您的账户
您申请的款项已退回支付宝
# merchant asked - -
您的材料已退回，请补正
您提供的照片看不清，请再发一遍
请您把照片发给我们
您拍的照片发过来
您发的快递单号再发一下
让快递拍给我们看
# merchant holding - -
查询请拨打12345
如需查询请拨打12345
详情请咨询12315
拨打12345查询办理进度
超过48小时未处理会自动退款给您
我们没有拒绝您的退款哦，还在审核
我们不会拒绝您的申请
没有不同意退款
refund has not been approved yet
The refund has not yet been approved
Your refund is yet to be approved
The refund hasn't been issued
we haven't refused your refund
同意您的心情
申请延期5个工作日
经批准延期15日
预计不超过3天到账
您发给我们的照片收到了
您发的视频我们看过了
您向官方客服反馈的问题已有处理结果
您申请退款，看看能不能通过
要不行您再联系我
不行吗
这样行不行
明天打到您账户
# merchant offered - -
部分退款30元不退货，能接受吗
不退货，部分退款30元
只退款20元不退货
经营者回复：愿意退款100元
愿意退30元
可以退您30元
可以给您退款20元
# merchant other - -
您3天内可以申请平台介入
有异议的可以申请平台介入
如果商家不同意退款，您可以申请平台介入
若商家拒绝退款您可以申请平台介入
商家拒绝后，您可以申请平台介入
if the seller refuses, you can ask the platform
您可以申请退款试试，看能不能通过
超过48小时未处理，系统会自动退款
这是物流发给我们的
这是快递发给我们的底单
您提交的投诉单已收到
您之前提交的凭证已收到
您通过12315平台提交的投诉单已受理
您退回的货收到了
您的包裹已退回
快件已退回商家
货已退回，款没退
# merchant refused refused -
您申请平台介入吧
请申请平台介入
请拨打12315投诉
快递问题您自己咨询快递
您的退款申请商家不同意
您的退款申请商家已拒绝
超过七天没申请退不了
您已经超过7天了，退不了
商家曾拒绝退款
商家拒绝及时处理
refund was not approved
不行
不行的亲
不可以的亲
真的不行
Sorry we can't
Sorry, we can't do that
不退货不退款
商家以超过七天为由拒绝退款
商家以不支持退货为由拒绝
如果拆封了不支持退货
您的申请已退回
# authority decided refused -
您的投诉已退回
您的投诉（编号：1310105002026112500000041）已退回，退回原因：信息不全。
您的工单TJ20261125001已退回，原因：诉求内容不清。
投诉单号20261125001已退回
工单已退回
您的举报件已退回
# authority offered - -
经营者回复：愿意退款100元
# platform decided refused -
您的申诉已被退回
# platform other - -
您3天内可以申请平台介入
# platform holding - -
商家超过48小时未处理系统会自动退款给您
# police other - -
警方提醒：凡是以退款理赔为由要求您转账的都是诈骗
谨防冒充客服给您退款的诈骗
"""


def rows() -> Iterator[tuple[Side, str, str, str, str]]:
    heading: list[str] = []
    for line in SAID.strip().splitlines():
        if line.startswith("# "):
            heading = line[2:].split()
        else:
            side = next(known for known in get_args(Side) if known == heading[0])
            yield side, heading[1], heading[2], heading[3], line


ROWS = tuple(rows())


def heard(said: str, side: Side | None = "merchant", *, role: str | None = None, promised: bool = False) -> Heard:
    return read_reply("in", said, Person(role=role), promised=promised, side=side)


@pytest.mark.parametrize(("side", "what", "news", "turn", "said"), ROWS)
def test_words_are_read_as_a_person_would(side: Side, what: str, news: str, turn: str, said: str) -> None:
    read = heard(said, side)
    assert (read.reply or read.substance, read.news or "-", read.turn or "-") == (what, news, turn)
    assert (read.substance == "answer") == (read.reply is not None)


def test_the_table_is_long_mostly_stonewalling_and_has_every_kind() -> None:
    assert len({said for *_, said in ROWS}) >= 300
    stonewalled = [said for _, what, *_, said in ROWS if what in ("holding", "none", "refused", "offered")]
    assert len(stonewalled) * 2 >= len(ROWS)
    assert {what for _, what, *_ in ROWS} == {*REPLIES, "holding", "none"}


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("明天退款", "holding"),
        ("3天内给结论", "holding"),
        ("给处理方案", "holding"),
        ("同意退款，3天内到账", "agreed"),
        ("给您补偿5元红包", "offered"),
        ("不能退款，3天内给您换新", "offered"),
        ("请提供照片，24小时内答复", "asked"),
        ("不退", "refused"),
    ],
)
def test_a_promise_puts_me_off_unless_more_was_said(said: str, what: str) -> None:
    read = heard(said, promised=True)
    assert (read.reply or read.substance) == what


def test_what_they_agreed_to_give_stays_their_turn_and_what_i_must_do_first_is_mine() -> None:
    assert heard("同意退款").turn == "theirs"
    assert heard("同意退货退款").turn is None
    assert heard("同意退款，请提供收款账号").turn is None
    assert heard("退款已到账").turn is None
    assert turn_after("in", "answer") == "mine"


@pytest.mark.parametrize(
    ("said", "side", "what"),
    [
        ("请联系商家处理", "platform", "other"),
        ("请联系商家处理", "courier", "refused"),
        ("请联系快递", "merchant", "refused"),
        ("请联系快递", "platform", "refused"),
        ("您可以申请退款", "merchant", "agreed"),
        ("您可以申请退款", "platform", "other"),
        ("您的投诉已受理", "authority", "decided"),
        ("您的投诉已受理", "merchant", "other"),
        ("平台判定支持退款", None, "decided"),
        ("平台判定支持退款", "merchant", "agreed"),
    ],
)
def test_who_speaks_makes_a_difference(said: str, side: Side | None, what: str) -> None:
    read = heard(said, side)
    assert (read.reply or read.substance) == what


@pytest.mark.parametrize("role", ["智能客服", "机器人", "chat bot", "自动回复"])
def test_a_robot_answers_nothing_whatever_it_says(role: str) -> None:
    assert heard("同意退款", role=role) == Heard("none")


def test_what_i_said_amounts_to_nothing() -> None:
    assert read_reply("out", "可以退吗", Person(), promised=False, side="merchant") == Heard(None)


@pytest.mark.parametrize("said", ["", " ", "\u200b", "亲" * 50, "？" * 50, "1", "。，", "[" * 99])
def test_whatever_is_no_words_is_no_answer(said: str) -> None:
    assert heard(said).substance == "holding"


@pytest.mark.parametrize("unit", ["不支持", "您", "如果可以退", "a", "we will ", "，", "请提供", "(", "不是不"])
def test_a_long_text_is_read_at_both_ends_only(unit: str) -> None:
    long = unit * (1_000_000 // len(unit))
    assert heard(f"同意退款。{long}。稍等").reply is not None
    assert heard(f"您好。{long}\n同意退款").reply is not None
