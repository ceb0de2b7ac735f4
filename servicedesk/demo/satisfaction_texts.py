"""What customers of the demo say when they are asked: in English, then in Chinese."""

PRAISE = (
    (
        "Solved in one call. That is how it should be.",
        "Quick and friendly, thank you.",
        "The explanation was clear, even for me.",
        "Good, though I had to repeat my serial number twice.",
        "Kept me posted the whole way.",
    ),
    (
        "一个电话就解决了，很专业。",
        "响应快，态度好，谢谢！",
        "讲解得很清楚，老人家也听得懂。",
        "整体不错，就是序列号报了两遍。",
        "每一步都有通知，心里有数。",
    ),
)
TROUBLE = (
    (
        "Three people asked me the same questions.",
        "It works now, but nobody told me that it would take a week.",
        "The engineer came late and did not call.",
        "The same fault is back after two days.",
    ),
    (
        "同样的问题说了三遍，换了三个人。",
        "最后是修好了，但没人告诉我要等一周。",
        "师傅迟到了一个多小时，也没提前打电话。",
        "两天后同样的故障又出现了。",
    ),
)
SAID = (
    (
        "Runs without a fault since. Content with the speed.",
        "Would like a text message before the engineer comes.",
        "Everything as promised.",
    ),
    (
        "使用正常，对处理速度满意。",
        "希望上门前先发短信提醒。",
        "承诺的都兑现了。",
    ),
)
OBJECTIONS = (
    ("The waiting time on the phone is long.", "Spare parts are expensive."),
    ("电话等待时间偏长。", "配件价格偏高。"),
)
