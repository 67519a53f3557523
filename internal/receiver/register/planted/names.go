package planted

import "strings"

var (
	surnames = strings.Fields(`王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 马 胡 朱 郭 何 高 林 罗 郑 梁 宋 谢 韩 唐 冯 于 董 白 包 云 武 贾 乔
		任 苗 郝 欧阳 史 蔺 樊 靳 訾 解`)
	givenNames = strings.Fields(`伟 芳 娜 敏 静 丽 强 磊 军 洋 勇 艳 杰 娟 涛 明 超 秀英 霞 平 刚 桂英 建国 志强 海燕 文华 永胜 玉兰
		建军 晓东 国庆 美玲 占军 俊峰 瑞 凤仙 二娃 喜旺 金锁 改莲 补拴 秀清 慧 宇轩 子涵 佳怡 浩然 鹏飞 春梅 立新 振华`)
	mongolianNames = strings.Fields(`阿拉坦仓 乌云其木格 巴特尔 苏和 其其格 那仁满都拉 萨仁高娃 呼和 格日勒图 娜仁花 额尔德木图
		敖登格日乐 朝鲁 宝音 哈斯 乌兰图雅 斯琴 青格勒 布和 托娅 孟根 达来 吉日嘎拉 阿木古楞 图门 特木尔 牧仁 萨日娜 苏日娜
		额尔敦巴图 白音孟和 德力格尔 乌力吉 满都呼 恩和 照日格图 阿茹娜 通拉嘎 哈斯高娃 那顺乌日图 道尔吉`)
	mongolianClans = strings.Fields(`孛儿只斤 乌梁海 巴林 敖汉 克烈 额尔敦 孟和 巴图 青格勒 达赖`)
	// rareNames have a character that GBK gave a private number.
	rareNames = strings.Fields("䶮 䜣 志䦃 㧟 建䓖 䲟 玉䴓 小䌷 䥽")

	firmWords = strings.Fields(`鑫源 恒通 天骄 蒙泰 草原 宏达 永盛 金河 瑞丰 德润 博远 中正 北疆 青城 敕勒 阴山 腾格尔 那达慕 银河 众合 聚福 祥瑞
		万佳 华远 汇通 正阳 新世纪 东升 康宁 益民 大唐 龙腾 锦程 巨力 宝利 百川 富民 昌盛 昊天 泽润`)
	trades = strings.Fields(`商贸 建筑安装工程 科技 农牧业开发 物流 餐饮管理 房地产经纪 煤炭运销 广告传媒 装饰 劳务 机电设备 畜产品加工 旅游 信息技术
		矿业 汽车服务 医药 园林绿化 文化传播`)
	shops = strings.Fields(`超市 便利店 烟酒店 餐馆 面馆 理发店 五金店 服装店 蔬菜店 手机店 汽车修理部 建材经销部 诊所 奶食品店 打印部 茶馆
		旅店 药店`)
	herds = strings.Fields(`种植 养殖 肉羊养殖 奶牛养殖 农机 马铃薯种植 饲草料 蔬菜种植`)
)

// place is a district, banner or county.
type place struct{ code, city, name string }

var places = []place{
	{"150102", "呼和浩特市", "新城区"}, {"150103", "呼和浩特市", "回民区"}, {"150104", "呼和浩特市", "玉泉区"}, {"150105", "呼和浩特市", "赛罕区"},
	{"150121", "呼和浩特市", "土默特左旗"}, {"150122", "呼和浩特市", "托克托县"}, {"150202", "包头市", "东河区"}, {"150203", "包头市", "昆都仑区"},
	{"150204", "包头市", "青山区"}, {"150302", "乌海市", "海勃湾区"}, {"150402", "赤峰市", "红山区"}, {"150404", "赤峰市", "松山区"},
	{"150426", "赤峰市", "翁牛特旗"}, {"150502", "通辽市", "科尔沁区"}, {"150522", "通辽市", "科尔沁左翼后旗"}, {"150602", "鄂尔多斯市", "东胜区"},
	{"150622", "鄂尔多斯市", "准格尔旗"}, {"150702", "呼伦贝尔市", "海拉尔区"}, {"150781", "呼伦贝尔市", "满洲里市"}, {"150802", "巴彦淖尔市", "临河区"},
	{"150902", "乌兰察布市", "集宁区"}, {"152201", "兴安盟", "乌兰浩特市"}, {"152501", "锡林郭勒盟", "二连浩特市"}, {"152502", "锡林郭勒盟", "锡林浩特市"},
	{"152921", "阿拉善盟", "阿拉善左旗"},
}

// person returns a name: seven in ten Han, the others Mongolian, of which some have a dot.
func (m *maker) person() string {
	switch p := m.IntN(1000); {
	case p < 4:
		return m.pick(surnames) + m.pick(rareNames)
	case p < 700:
		return m.pick(surnames) + m.pick(givenNames)
	case p < 940:
		return m.pick(mongolianNames)
	}
	return m.pick(mongolianClans) + "·" + m.pick(mongolianNames)
}

func (m *maker) pick(from []string) string { return from[m.IntN(len(from))] }
