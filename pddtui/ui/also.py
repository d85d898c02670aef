"""Further words for everything that the palette has, in both languages: what a person types who knows no name for it.

They are looked for and never shown, so they are in no catalogue. A word stands at every entry that it may mean; the
entry that is called so comes before those that have it only here, and among these the one that has it further ahead.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["also_of"]

# fmt: off
_ALSO: Mapping[str, str] = {
    # Deeds and ways, by the id of their action.
    "case.new": "add, create, open a case, order, dispute, complaint, 新增, 添加, 建案, 立案, 投诉, 订单, 纠纷",
    "case.edit": "change, correct, amend, rename, fix, order number, amount, facts, 修改, 更正, 改错, 订单号, 金额",
    "case.tags": "tag, label, mark, keyword, category, group, 打标签, 标记, 关键词, 分类",
    "case.mark": "select, several, multiple, choose, batch, bulk, 选中, 多选, 批量, 勾选",
    "case.escalate": "file, complaint, complain, lodge, report, supervisor, intervene, platform, 12315, 12345, court, "
                     "regulator, next rung, 投诉, 立案, 提交, 举报, 主管, 平台介入, 消协, 法院, 起诉, 上一级",
    "case.filing": "result, accepted, rejected, reference, ticket number, case number, status, complaint, "
                   "受理, 不予受理, 答复, 回执, 编号, 单号, 投诉结果",
    "case.evidence": "proof, screenshot, photo, picture, attach, attachment, document, recording, file, "
                     "举证, 截图, 照片, 图片, 附件, 录音, 凭证",
    "case.letter": "write, text, template, mail, email, chaser, demand, complaint, statement, post, print, "
                   "statement of claim, lawsuit, list of evidence, press lead, anonymous report, text for the app, "
                   "信, 信函, 函, 文书, 模板, 催促, 投诉书, 书面, 投诉, 起诉状, 诉状, 证据清单, 新闻线索, 爆料, "
                   "售后申请, 匿名举报, 举报书",
    "case.resolve": "close, finish, settle, outcome, refund received, won, reopen, solved, "
                    "结束, 了结, 解决, 已退款, 和解, 重新打开, 重开",
    "case.trash": "trash, remove, erase, throw away, bin, 回收站, 移除, 扔掉, 清除",
    "log.contact": "contact, call, chat, message, talk, phone, note, record, write down, promise, "
                   "沟通, 打电话, 通话, 聊天, 客服, 登记, 备注, 承诺",
    "log.paste": "paste, import chat, copy, clipboard, wechat, sms, order page, "
                 "粘贴, 导入聊天, 复制, 剪贴板, 微信, 短信, 订单",
    "log.line": "quick, capture, fast, contact, log, note, 快速, 速记, 一句话, 记录, 沟通",
    "log.brief": "brief, briefing, card, prepare, before a call, numbers, hours, 通话要点, 要点, 卡片, 准备, 打电话前",
    "log.call": "call, phone, telephone, ring, dial, timer, hotline, 打电话, 通话, 电话, 拨打, 计时, 热线, 客服电话",
    "log.promise-broken": "promise, failed, not kept, missed, unkept, lied, 违约, 没兑现, 未兑现, 食言, 承诺, 失信",
    "due.follow-up": "follow up, reminder, remind, todo, to do, task, plan, alarm, deadline, note to self, "
                     "提醒, 待办, 任务, 计划, 闹钟",
    "due.settle": "kept, done, tick, check off, fulfilled, replace, replaced, waive, waived, waiver, new promise, "
                  "promise, looked, arrived, verify, money received, "
                  "兑现, 已兑现, 完成, 打勾, 换承诺, 改承诺, 替换, 免除, 放弃, 承诺, 看过, 到账, 核实",
    "due.snooze": "put off, postpone, delay, later, reschedule, move, remind later, 延后, 延期, 以后, 改期, 稍后提醒",
    "page.milestone": "date, event, received, shipped, delivered, returned, clock, start, "
                      "日期, 签收, 发货, 寄回, 退回, 起算, 节点",
    "view.why": "explain, reason, how come, calculation, sum, count days, 原因, 解释, 说明, 怎么算, 依据, 算式",
    "view.filter": "search, find, look for, narrow, query, sort, order by, 搜索, 查找, 查询, 检索, 排序, 过滤",
    "view.saved": "saved filter, filters, filter, favourite, bookmark, view, search, sort, "
                  "保存的筛选, 常用筛选, 筛选, 收藏, 搜索",
    "view.clear": "clear filter, reset, show all, unfilter, remove filter, 清除筛选, 取消筛选, 重置, 显示全部",
    "view.cases": "list, all cases, overview, 列表, 全部案件",
    "view.log": "history, conversation, chat, messages, contacts, 聊天记录, 往来, 对话",
    "view.due": "todo, tasks, next, next step, overdue, deadline, what now, today, agenda, 待办, 下一步, 逾期, 今天",
    "view.agenda": "calendar, month, holidays, working days, schedule, 日历, 月历, 节假日, 工作日, 放假, 日程",
    "view.handbook": "guide, rights, law, help, channel, 12315, 12345, advice, how to, search, route, reference, "
                     "指南, 法律, 法规, 权利, 渠道, 流程, 维权, 怎么办, 教程, 帮助",
    "view.insights": "statistics, stats, report, chart, numbers, summary, analysis, 统计图, 报表, 图表, 分析, 汇总",
    "view.trash": "restore, undelete, deleted, recover, bin, recycle, 恢复, 还原, 已删除, 垃圾箱, 找回",
    "view.zoom": "full screen, maximise, maximize, enlarge, bigger, 全屏, 放大, 最大化",
    "view.unfold": "expand, show more, collapse, waiting, clocks, 展开, 折叠, 收起, 等待",
    "program.copy": "clipboard, yank, 剪贴板, 拷贝",
    "page.copy": "clipboard, yank, 剪贴板, 拷贝",
    "program.plain": "select, mouse, clipboard, copy, raw, 选择, 鼠标, 复制, 拷贝",
    "program.export": "save as, output, download, share, send, file, csv, excel, ics, calendar, json, zip, markdown, "
                      "print, pdf, html, backup, mask, 导出文件, 另存, 下载, 分享, 表格, 日历, 打印, 备份",
    "program.undo": "take back, revert, oops, go back, 撤回, 反悔, 回退, 还原",
    "program.redo": "do again, repeat, 重做, 恢复, 再做一次, 重复",
    "program.help": "keys, shortcuts, keyboard, what can i do, manual, guide, bindings, "
                    "按键, 快捷键, 键盘, 说明, 用法, 指南, 怎么用",
    "program.settings": "preferences, options, configuration, config, setup, keys, 选项, 配置, 偏好, 首选项, 按键",
    "program.quit": "exit, close, leave, bye, end, stop, 退出程序, 关闭, 离开, 结束",
    "program.suspend": "shell, background, job, stop, terminal, 后台, 终端, 命令行",
    "page.back": "return, leave, previous, close, 上一页, 离开, 关闭",
    "handbook.search": "find, look up, 查找, 查询, 检索",
    "handbook.tick": "done, check, step, 打勾, 完成, 步骤",
    "handbook.copy": "clipboard, 剪贴板, 拷贝",
    "trash.restore": "undelete, recover, take back, 还原, 找回",
    "trash.empty": "erase, delete for good, purge, 清空, 彻底删除, 抹掉",
    # What has no key of its own, by the key of its entry.
    "export:html": "print, printer, paper, pdf, html, page, document, 打印, 打印机, 纸质, 网页, 文档",
    "export:markdown": "md, text, document, 文本, 文档",
    "export:csv": "csv, excel, table, sheet, xlsx, calc, numbers, 表格, 电子表格",
    "export:ics": "ics, calendar, ical, icalendar, outlook, phone, reminder, 日历, 日程, 提醒, 手机日历",
    "export:json": "json, backup, data, script, copy of everything, 备份, 数据, 脚本",
    "export:zip": "zip, archive, package, bundle, evidence, 压缩包, 打包, 证据包",
    "export:mask": "mask, privacy, anonymise, anonymize, redact, hide, public, personal data, "
                   "遮盖, 打码, 脱敏, 隐私, 隐藏, 公开",
    "drafts": "draft, unsaved, half typed, unfinished, lost text, 草稿, 未保存, 没写完",
    "backups": "backup, recover, former, restore, copy, safe, damaged, repair, 备份, 恢复, 修复, 损坏, 旧版本",
    "begin_tour": "tour, tutorial, guide, introduction, first steps, learn, demo, 教程, 导览, 新手, 入门, 引导, 指南",
    "demo": "demo, sample, example, samples, examples, try, play, 示例, 演示, 样例, 例子, 试用",
    # Settings, by their names in the settings file.
    "language": "chinese, english, locale, 中文, 英文, 汉语, 英语",
    "theme": "主题, colours, colors, dark, light, look, appearance, contrast, 颜色, 配色, 深色, 浅色, 外观, 对比度",
    "zone": "zone, timezone, clock, time, shanghai, 时间, 地区, 时差",
    "log_newest_first": "order, sort, newest, oldest, 顺序, 排序, 最新, 倒序",
    "mine": "limit, limits, quiet, silence, deadline, alarm, 期限, 限期, 提醒, 沉默",
    "quiet": "limit, limits, quiet, silence, no answer, 期限, 限期, 多久没答复, 沉默",
    "me": "my, who am i, identity, privacy, mask, 我, 本人, 个人信息, 隐私, 遮盖",
    "me.name": "my name, 我的姓名, 名字",
    "me.phone": "my phone, mobile, number, 手机号, 我的电话",
    "me.address": "my address, 我的地址, 住址",
    "nicknames": "nickname, chat name, paste, me, 昵称, 聊天, 粘贴, 我的名字",
    "private": "private, privacy, mask, hide, secret, nickname, account, 隐私, 遮盖, 打码, 保密, 昵称, 账号",
    "people": "family, somebody, person, other people, mother, for whom, 家人, 代办, 替谁, 妈妈, 别人",
    "write_through": "save, saving, safe, sync, disk, 保存, 落盘, 同步",
    "trust_network": "network, nas, share, smb, nfs, cloud, 网盘, 网络, 共享, 云盘",
    "keys": "key, keys, shortcut, shortcuts, remap, keyboard, bindings, hotkey, 按键, 快捷键, 键盘, 改键, 键位",
    "looks": "主题, colours, colors, look, skin, 颜色, 配色, 外观, 皮肤",
    "filters": "saved filter, filter, search, 筛选, 搜索",
}
# fmt: on


def also_of(key: str) -> tuple[str, ...]:
    """The words for an entry; one of a kind, such as `quiet.weibo` or `looks:nord`, has those of its kind."""
    words = _ALSO.get(key) or _ALSO.get(key.partition(":")[0]) or _ALSO.get(key.partition(".")[0]) or ""
    return tuple(word.strip() for word in words.split(",") if word.strip())
