/** What the screenshots show, in both languages: a maker of coffee machines. */
export const words = {
  en: {
    folder: 'Archive 2025',
    discarded: 'Old price lists',
    discardedApp: 'Trade fair assistant',
    settings: ['All words', 'At most 300 tokens'],
    dataset: 'Coffee machines',
    intro: 'Manuals, prices and terms for the service team.',
    app: 'Service assistant',
    appIntro: 'Answers questions about our machines, with the page of the manual.',
    prompt:
      'You are the assistant of our service team. Answer briefly and politely, name the part number where there is one, and cite your sources.',
    welcome: 'Hello! Ask me about cleaning, parts, prices and delivery.',
    tags: ['Manual', 'Prices'],
    broken: 'Damaged.docx',
    keys: ['Shop', 'Nightly import'],
    members: ['maria.keller', 'tom.berger'],
    questions: [
      'How often is the machine descaled?',
      'What does a water filter cost?',
      'How long does delivery take?',
    ],
    manual: {
      name: 'Service manual.md',
      text: `# Service manual

## Descaling

The machine is descaled every 200 cups, or when the lamp **Service** lights up. Use citric acid, never vinegar: vinegar attacks the seals.

1. Empty the tray and fill the tank with one litre of water and two spoons of citric acid.
2. Hold the button **Steam** for five seconds. The machine rinses by itself for twelve minutes.
3. Rinse with clear water twice.

## Cleaning the grinder

The grinder is cleaned once a month with a brush. Never use water: the discs rust.

## Errors

| Code | Meaning | What to do |
| --- | --- | --- |
| E1 | No water | Fill the tank, press OK |
| E3 | Pump blocked | Descale; if it stays, replace the pump |
| E7 | Too hot | Switch off for 30 minutes |
`,
    },
    prices: {
      name: 'Prices.csv',
      text: 'Part,Number,Price\nWater filter,WF-20,12.90 EUR\nPump,PU-7,48.00 EUR\nSeal set,SE-3,9.50 EUR\nGrinder disc,GD-1,31.00 EUR\n',
    },
    delivery: {
      name: 'Delivery and returns.md',
      text: `# Delivery and returns

Delivery takes two to three working days within the country and up to seven abroad. Orders over 50 EUR are delivered free of charge.

Returns are free within 30 days. Machines must be empty and dry.
`,
    },
  },
  zh: {
    folder: '2025 年归档',
    discarded: '旧价目表',
    discardedApp: '展会助手',
    settings: ['全文检索', '最多 300 个 token'],
    dataset: '咖啡机',
    intro: '客服团队使用的手册、价格与条款。',
    app: '客服助手',
    appIntro: '解答有关咖啡机的问题，并注明手册页码。',
    prompt: '您是客服团队的助手。请简短、礼貌地回答，如有配件编号请一并给出，并注明来源。',
    welcome: '您好！请问清洁、配件、价格或配送方面的问题。',
    tags: ['手册', '价格'],
    broken: '损坏的文件.docx',
    keys: ['商城', '夜间导入'],
    members: ['zhang.wei', 'li.na'],
    questions: ['咖啡机多久除垢一次？', '滤水芯多少钱？', '配送需要几天？'],
    manual: {
      name: '维修手册.md',
      text: `# 维修手册

## 除垢

每制作 200 杯或 **维护** 指示灯亮起时，应为咖啡机除垢。请使用柠檬酸，不要使用醋：醋会腐蚀密封圈。

1. 清空接水盘，在水箱中加入一升水和两勺柠檬酸。
2. 按住 **蒸汽** 键五秒，机器将自动冲洗十二分钟。
3. 用清水冲洗两次。

## 清洁磨豆机

磨豆机每月用刷子清洁一次。切勿用水，否则刀盘会生锈。

## 错误代码

| 代码 | 含义 | 处理方法 |
| --- | --- | --- |
| E1 | 缺水 | 加满水箱，按 OK |
| E3 | 水泵堵塞 | 除垢；仍未解决则更换水泵 |
| E7 | 过热 | 关机 30 分钟 |
`,
    },
    prices: {
      name: '价格表.csv',
      text: '配件,编号,价格\n滤水芯,WF-20,98 元\n水泵,PU-7,368 元\n密封圈套装,SE-3,72 元\n磨豆刀盘,GD-1,238 元\n',
    },
    delivery: {
      name: '配送与退货.md',
      text: `# 配送与退货

国内配送需要两到三个工作日，境外最多七天。订单满 300 元免运费。

30 天内可免费退货。机器须清空并擦干。
`,
    },
  },
} as const;
