"""Transcribed words in one form: simplified, half-width, with spoken numbers as digits.

Names such as 七一路 are not numbers: the gazetteer's names are left alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

DIGITS = dict(zip("零〇幺么一二三四五六七八九两", "00111234567892", strict=True))
LONGEST = 4_000
"""Characters that are looked at; a minute of speech has about 300."""

_PAIRS = """
們们 個个 這这 說说 話话 電电 沒没 來来 時时 間间 給给 請请 問问 題题 現现 實实 還还 過过 為为
麼么 後后 對对 開开 關关 門门 裡里 裏里 從从 會会 樣样 讓让 幫帮 辦办 處处 號号 樓楼 單单 戶户
區区 縣县 鎮镇 鄉乡 莊庄 園园 場场 廣广 東东 陽阳 豐丰 興兴 國国 華华 復复 複复 樂乐 凱凯 長长
紅红 蓮莲 競竞 滿满 淶涞 順顺 靜静 車车 馬马 線线 網网 機机 頻频 寬宽 帶带 費费 錢钱 買买 賣卖
貨货 價价 貴贵 壞坏 爛烂 髒脏 臟脏 亂乱 擋挡 佔占 違违 規规 設设 備备 護护 圍围 牆墙 裝装 響响
聲声 燒烧 煙烟 塵尘 氣气 熱热 涼凉 凍冻 溫温 師师 學学 醫医 療疗 藥药 診诊 險险 養养 殘残 傷伤
勞劳 動动 資资 發发 廠厂 業业 務务 員员 態态 責责 職职 證证 遷迁 簽签 據据 應应 該该 幾几 點点
鐘钟 歲岁 兒儿 媽妈 爺爷 孫孙 婦妇 親亲 離离 結结 報报 搶抢 騙骗 罰罚 訴诉 訟讼 審审 紀纪 監监
黨党 書书 記记 導导 領领 幹干 乾干 於于 與与 嗎吗 誰谁 麵面 頭头 邊边 兩两 雙双 隻只 條条 張张
輛辆 燈灯 滅灭 積积 溝沟 橋桥 樑梁 鐵铁 鋼钢 銀银 貸贷 債债 稅税 帳账 賬账 戲戏 劇剧 遊游 覽览
館馆 飯饭 飲饮 腸肠 雞鸡 鴨鸭 魚鱼 豬猪 貓猫 蟲虫 樹树 葉叶 種种 糧粮 農农 畝亩 澆浇 補补 貼贴
贍赡 撫抚 卹恤 軍军 優优 遞递 郵邮 訊讯 碼码 撥拨 聯联 絡络 繫系 係系 總总 統统 經经 歷历 曆历
變变 壓压 斷断 續续 終终 級级 緊紧 擾扰 嚴严 隱隐 檢检 驗验 標标 準准 層层 屬属 舊旧 舉举 薦荐
議议 見见 覺觉 認认 識识 試试 誤误 讀读 談谈 論论 評评 謝谢 轉转 輕轻 較较 連连 運运 遠远 選选
適适 達达 邁迈 鄰邻 鬧闹 顯显 類类 額额 顧顾 願愿 風风 飛飞 餘余 鬆松 鮮鲜 麗丽 黃黄 齊齐 齒齿
龍龙 龜龟 濕湿 滲渗 濟济 灣湾 無无 爾尔 牽牵 獨独 獎奖 環环 產产 異异 當当 瘋疯 皺皱 盜盗 盡尽
眾众 睏困 確确 礙碍 禮礼 稱称 穩稳 窮穷 竄窜 築筑 節节 範范 籠笼 純纯 紙纸 細细 組组 絕绝 維维
綠绿 編编 練练 縫缝 繳缴 罷罢 義义 習习 聽听 腦脑 膽胆 臨临 舖铺 鋪铺 艱艰 藝艺 蘇苏 虧亏 蝕蚀
術术 衛卫 衝冲 製制 視视 觸触 計计 訂订 討讨 訪访 詐诈 詢询 誠诚 調调 諒谅 負负 財财 貧贫 購购
賠赔 質质 賴赖 贈赠 贏赢 趕赶 跡迹 踐践 蹤踪 軟软 載载 輸输 辭辞 醜丑 釋释 針针 鈴铃 錄录 錯错
鍋锅 鎖锁 鏡镜 閉闭 閥阀 閱阅 陰阴 陳陈 陸陆 隊队 階阶 際际 隨随 雖虽 難难 雲云 霧雾 頂顶 項项
須须 預预 顆颗 飄飘 騎骑 驚惊 驢驴 體体 髮发 鬥斗 鹽盐 龐庞 撿捡 攔拦 擴扩 擺摆 擠挤 攤摊 數数
晝昼 曬晒 暫暂 極极 構构 槍枪 權权 歡欢 殺杀 毀毁 決决 況况 測测 湯汤 滯滞 漲涨 潔洁 瀝沥 災灾
爐炉 爭争 牘牍 狀状 獲获
"""
_SIMPLIFIED = str.maketrans({pair[0]: pair[1] for pair in _PAIRS.split()})

_FILLERS = re.compile(
    r"嗯+|呃+|额(?=[,，。 ])|哎呀|唉+|喂+|那个那个|就是就是|就是说"
    r"|怎么说呢|这个这个|内个|那啥|啊这个"
)
_SPOKEN = "零〇幺么一二三四五六七八九两"
_DIGIT_RUN = re.compile(rf"[0-9{_SPOKEN}](?:[\s,，、-]?[0-9{_SPOKEN}]){{4,}}")
_NUMBER = rf"(?:[0-9{_SPOKEN}十百千]+)"
_COUNTED = re.compile(rf"({_NUMBER})(?=号(?!线)|栋|幢|单元|室|弄|组(?!织)|层|期)")


def simplified(text: str) -> str:
    """Half-width, simplified text without control characters, cut at `LONGEST`."""
    flat = unicodedata.normalize("NFKC", text[:LONGEST]).translate(_SIMPLIFIED)
    kept = (" " if character.isspace() else character for character in flat)
    return "".join(c for c in kept if unicodedata.category(c) not in ("Cc", "Cs", "Cf")).strip()


def normalise(text: str, names: Sequence[tuple[int, int]] = ()) -> str:
    """Spoken phone, ticket and house numbers as digits; spans in `names` are left as they are.

    一三八零三一二 becomes 1380312, 八号楼二单元 becomes 8号楼2单元, 七一路 stays.
    """
    plain = simplified(text)
    held = {position for start, end in names for position in range(start, end)}

    def digits(match: re.Match[str]) -> str:
        if held & set(range(match.start(), match.end())):
            return match[0]
        return "".join(DIGITS.get(c, c) for c in match[0] if c in DIGITS or c.isdigit())

    def counted(match: re.Match[str]) -> str:
        if held & set(range(match.start(), match.end())):
            return match[0]
        value = number(match[1])
        return match[0] if value is None else value

    changes: list[tuple[int, int, str]] = [
        (m.start(), m.end(), digits(m)) for m in _DIGIT_RUN.finditer(plain)
    ]
    taken = {p for start, end, _ in changes for p in range(start, end)}
    changes += [
        (m.start(), m.end(), counted(m))
        for m in _COUNTED.finditer(plain)
        if not taken & set(range(m.start(), m.end()))
    ]
    for start, end, new in sorted(changes, reverse=True):
        plain = plain[:start] + new + plain[end:]
    return plain


def without_fillers(text: str) -> str:
    """The text for matching only: hesitations taken out, nothing else changed."""
    return _FILLERS.sub("", text)


def number(words: str) -> str | None:
    """一百二十八 -> 128, 三零二 -> 302, 12 -> 12; None when it is no number below 10,000."""
    if words.isdigit():
        return words
    if not any(unit in words for unit in "十百千"):
        return "".join(DIGITS.get(c, c) for c in words)
    total = 0
    digit = 0
    for position, character in enumerate(words):
        match character:
            case "十" | "百" | "千":
                scale = {"十": 10, "百": 100, "千": 1000}[character]
                if digit == 0 and not (character == "十" and position == 0):
                    digit = 1 if character == "十" else digit
                    if digit == 0:
                        return None
                total += (digit or 1) * scale
                digit = 0
            case _:
                digit = int(DIGITS.get(character, character))
    tail_scale = {"百": 10, "千": 100}.get(words[-2:-1], 1)
    return str(total + digit * tail_scale)
