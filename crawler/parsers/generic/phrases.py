"""What sites print among and after the paragraphs, by its words, in the languages we meet."""

from __future__ import annotations

import re

_LONGEST_LABEL = 70  # characters of a line that is only a label
_LONGEST_NOTE = 300  # characters of a notice; a paragraph that begins like one is longer

_TEASER = re.compile(
    r"^\W*(?:"
    r"(?:read|see|watch|listen)(?: more| also| next| now)?\s*[:|>»–-]|(?:also|must)[ -]?(?:read|see|watch)\b"
    r"|(?:read|see) (?:more|also|next|the full|full)\b|related(?: (?:articles?|stor\w+|news|content|coverage|posts?|topics?|reading|link\w*))?\W*$"
    r"|related\s*:|more (?:on this(?: story)?|from|stories|like this|news)\b.{0,40}$"
    r"|keep reading\W*$|recommended(?: (?:for you|reading|stories|articles))?\W*$"
    r"|(?:you (?:may|might) (?:also )?like|don['’]t miss|in case you missed|what to read next|most (?:read|popular|viewed)|trending|editor['’]?s['’]? picks?|top stories|latest (?:news|posts|stories))\b.{0,30}$"
    r"|click here\b|tap here\b|up next\b|next article|previous article"
    r"|(?:lesen sie|lies|lesen)\b.{0,20}\b(?:auch|mehr|dazu|hier|weiter)\b"
    r"|mehr (?:zum thema|dazu|lesen|aus|von|über)\b.{0,60}$|(?:auch|das könnte sie auch) interess\w+|passend zum (?:artikel|thema)"
    r"|weiterlesen|zum thema\W*$|siehe auch|hier (?:geht|finden|können|lesen)\b.{0,80}$|verwendete quellen\W*$|themen?\W*$"
    r"|(?:à |a )?lire (?:aussi|également|la suite|plus)\b|voir aussi|sur le même (?:sujet|thème)|pour aller plus loin\W*$"
    r"|leggi (?:anche|pure|tutto)|potrebbe interessar\w+|per saperne di più"
    r"|(?:lea|lee|leer|vea|ver) (?:también|más|además)|te puede interesar|(?:noticias? )?relacionad[oa]s?\W*$|para saber más\W*$|más información\W*$"
    r"|(?:leia|veja|saiba|ler) (?:também|mais|ainda)"
    r"|(?:czytaj|przeczytaj|zobacz|sprawdź)(?: też| także| również| więcej)\b|czytaj dalej|polecamy\W*$"
    r"|les (?:også|mer|mere)\b|læs (?:også|mere)\b|läs (?:också|även|mer)\b|lue (?:myös|lisää)\b|lees (?:ook|meer|verder)\b"
    r"|(?:читайте|читать|смотрите|см\.|слушайте)(?: также| ещ[её]| далее| больше| подробнее)\b|(?:что )?почитать|по теме\W*$|материалы по теме|подробнее\b.{0,60}$|похожие (?:материалы|новости)|смотри(?:те)? также"
    r"|(?:читайте|дивіться) також|більше (?:новин|по темі)|за темою\W*$"
    r"|(?:相关|相關|延伸|推荐|推薦|更多|热门|熱門|猜你)(?:阅读|閱讀|新闻|新聞|报道|報導|文章|链接|連結|推荐|推薦|喜欢|喜歡)"
    r"|(?:関連|あわせて読みたい|おすすめ|こちらも|続きを読む|次ページ|もっと見る|【関連)|관련\s?(?:기사|뉴스)|더 보기"
    r"|funda olunye|ilgili haber\w*|ayrıca (?:bkz|oku)\w*|اقرأ أيضا"
    r")",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"^\W*(?:"
    r"(?:please )?(?:sign up|subscribe|register|log ?in|sign in|join (?:us|our|the)|follow (?:us|our|the|\w+ on)|download (?:our|the)|get (?:our|the|more|all the|alerts|breaking)|like us|support (?:our|us|independent)|become a)\b"
    r"|(?:share|tweet|print|save|copy link|comments?|email|advertisement|sponsored|story continues|article continues|loading|reklama|anzeige|werbung|publicité|publicidad|pubblicità|реклама|广告|廣告|広告)\b[^.]{0,20}$"
    r"|(?:share (?:this|on)|post on|send us|contact us|have (?:a|you got a) (?:story|tip|news)|do you have|got a (?:story|tip)|let us know|tell us|what do you think|email us|write to|for more (?:stories|news|information|on))\b"
    r"|(?:additional|further) report(?:ing|s) (?:by|from)|\(?(?:quelle|source|источник|fonte|fuente)\s*:.{0,60}$|(?:this is a )?breaking (?:news? )?story|more to follow|find out more|check back|this story (?:is|was|has been) (?:developing|updated|originally)|necessary cookies|any cookies|chat with us"
    r"|dieser (?:artikel|text|beitrag) (?:ist|erschien|wurde)|deine privatsphäre|die mit einem symbol|mit (?:agentur\w*|material)\b.{0,60}$|lest den original\w*|hat ihnen dieser|>>"
    r"|by (?:providing|signing|submitting|clicking|subscribing|entering)\b|you can (?:unsubscribe|opt)\b|stay (?:informed|up to date|ahead|tuned|connected)\b|never miss\b"
    r"|(?:all rights reserved|copyright\b|©|\(c\) \d{4})|this (?:material|article|story) may not be\b"
    r"|(?:sie lesen gerade|melden sie sich|abonnieren|jetzt (?:abonnieren|lesen|anmelden|kostenlos|testen)|newsletter|folgen sie|registrieren|artikel (?:teilen|merken|drucken)|drucken|teilen|kommentare?)\b"
    r"|(?:abonnez|inscrivez|s['’](?:inscrire|abonner)|suivez|ajouter à|il vous reste|partager|cet article est réservé)"
    r"|(?:suscríb\w+|regístrate|síguenos|sigue (?:toda|nuestr|a)|compartir|iscriviti|abbonati|seguici|condividi|riproduzione riservata|assine|inscreva-se|siga |compartilh\w+|zapisz się|obserwuj|udostępnij|subskryb\w+)"
    r"|(?:подпис(?:ыва|ат|ка|ш)\w*|поделит\w+|следите за|наш (?:telegram|телеграм)|присоединяйтесь|нашли ошибку|если вы (?:нашли|заметили)|заметили ошибку|комментар\w+|підпис\w+|поділит\w+)"
    r"|(?:责任编辑|责编|編輯|编辑|責任編輯|来源|來源|分享|扫一扫|关注|版权|打印|字号|\(责|（责|【责)"
    r"|(?:会員|有料|無料|ログイン|シェア|ツイート|印刷|フォロー|この記事|記事に|記事を|新規登録|残り\d+文字|コメント|무단\s?전재|구독|기사 제보|공유)"
    r")",
    re.IGNORECASE,
)
_CREDIT_LINE = re.compile(r"\bcontributed (?:to|reporting|research)\b|\breported from\b.{0,60}\bfrom\b")
_PROMISE = re.compile(
    r"\b(?:newsletters?|your inbox|subscribe (?:to|now|here|today)|sign up (?:for|to|here|now)"
    r"|privacy policy|terms (?:of (?:use|service)|and conditions)|datenschutz\w*"
    r"|download the app|get the .{0,20} app|click here to|whatsapp.?(?:kanal|channel|group)|google news)\b"
    r"|会員登録|会員限定|有料記事|新規登録|рассылк|telegram-?канал|подпишитесь|подписывайтесь",
    re.IGNORECASE,
)
_DATE_OR_CLOCK = re.compile(
    r"^(?:\W*(?:published|updated|posted|last updated|stand|aktualisiert|publié|mis à jour|publicado|actualizado|pubblicato|aggiornato|опубликовано|обновлено|公開日|更新日|発行)?\W*(?:\w+,? )?"
    r"(?:\d{1,4}[./年-]\s?\d{1,2}[./月-]\s?\d{1,4}日?|\d{1,2}\.? \w+\.? \d{4}|\w+ \d{1,2}, \d{4}|\d{1,2}:\d{2})\b.{0,30})$",
    re.IGNORECASE,
)
_NOTHING = re.compile(r"[\W_]*")


_BYLINE = re.compile(
    r"^(?:by|von|par|di|de|por|od|av|af|door|text|story|words|tekst|tekstas|автор|авторы|текст|reported by|written by"
    r"|記者|记者)\s*[:：]?\s+(?:[A-ZÀ-ÞА-ЯЁ][\w.’'-]*(?:[ ,&/]+(?:and|und|et|y|e|i|и|van|von|de|der|la)?[ ]?)?){1,8}$"
)
_TEASER_HEADING = re.compile(
    r"^\W*(?:related\b.{0,30}|read (?:more|next|also)|also read|more (?:on|from|stories|news|like)\b.{0,40}"
    r"|most (?:read|popular|viewed|commented)|(?:you )?(?:may|might) (?:also )?like|recommended\b.{0,20}|trending\b.{0,20}|latest (?:news|posts|stories|videos)\b.{0,20}|top stories"
    r"|keep reading|up next|don['’]t miss|editor['’]?s['’]? picks?|popular (?:posts|articles|stories)"
    r"|lesen sie auch|mehr zum thema|auch interessant|das könnte sie auch interessieren|passend zum artikel|meistgelesen\w*|häufig gelesen|weitere (?:artikel|themen|nachrichten|meldungen)|verwendete quellen|zum thema"
    r"|à lire aussi|lire aussi|sur le même (?:sujet|thème)|les plus lus|leggi anche|potrebbe interessarti.{0,20}"
    r"|te puede interesar|lo más (?:leído|visto)|(?:noticias )?relacionad[oa]s|leia (?:também|mais)|mais lidas"
    r"|czytaj (?:też|także|więcej)|polecane|zobacz (?:też|także)|les også|läs också|mest lest"
    r"|читайте также|по теме|материалы по теме|похожие (?:новости|материалы)|популярн\w+|главн\w+ новости|читать далее|другие новости|читайте також"
    r"|相关(?:阅读|新闻|报道|文章|链接)|相關(?:新聞|報導|文章|閱讀)|延伸(?:阅读|閱讀)|推荐阅读|推薦閱讀|热门\w*|熱門\w*|関連(?:記事|ニュース|キーワード)|おすすめ\w*|ランキング|관련\s?기사|많이 본 뉴스"
    r")\W*$",
    re.IGNORECASE,
)


def is_byline(text: str) -> bool:
    """Whether a line only names who wrote the article."""
    return len(text) <= _LONGEST_LABEL and bool(_BYLINE.match(text))


def is_teaser_heading(text: str) -> bool:
    """Whether a line stands above links to other articles."""
    return len(text) <= _LONGEST_LABEL and bool(_TEASER_HEADING.match(text))


def is_teaser(text: str) -> bool:
    """Whether a line says that what it names is another text."""
    return len(text) <= _LONGEST_NOTE and bool(_TEASER.match(text))


def is_notice(text: str, *, is_heading: bool = False) -> bool:
    """Whether a line asks for something or is a control, and tells nothing."""
    if len(text) > _LONGEST_NOTE:
        return False
    if _NOTICE.match(text):
        return True
    return not is_heading and bool(_PROMISE.search(text) or _CREDIT_LINE.search(text))


def is_label(text: str) -> bool:
    """A date, a time, or no letters at all."""
    if len(text) > _LONGEST_LABEL:
        return False
    return bool(_DATE_OR_CLOCK.match(text)) or bool(_NOTHING.fullmatch(text))
