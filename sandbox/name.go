package sandbox

var (
	surnames = []string{
		"王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "马", "胡", "朱", "郭", "何", "高", "林", "罗", "郑", "梁",
		"宋", "谢", "韩", "唐", "冯", "于", "董", "白", "包", "云", "武", "贾", "乔", "任", "苗", "郝", "欧阳",
	}
	givenNames = []string{
		"伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "秀英", "霞", "平", "刚", "桂英",
		"建国", "志强", "海燕", "文华", "永胜", "玉兰", "建军", "晓东", "国庆", "美玲", "占军", "俊峰", "瑞", "凤仙", "二娃", "喜旺",
	}
	// Mongolian names in Chinese transcription have no family name.
	mongolianNames = []string{"阿拉坦仓", "乌云其木格", "巴特尔", "苏和", "其其格", "那仁满都拉", "萨仁高娃", "呼和", "格日勒图", "娜仁花", "额尔德木图",
		"敖登格日乐", "朝鲁", "宝音", "哈斯", "乌兰图雅", "斯琴", "青格勒", "布和", "托娅", "孟根", "达来", "金花", "吉日嘎拉", "阿木古楞", "图门",
		"特木尔", "牧仁", "萨日娜", "苏日娜"}
	mongolianClans = []string{"孛儿只斤", "乌梁海", "巴林", "敖汉", "克烈"}
)

// person returns a name: four in five Han, one in five Mongolian, of which some with the clan before a dot.
func (d *draw) person() string {
	if d.IntN(5) > 0 {
		return pick(d, surnames) + pick(d, givenNames)
	}
	name := pick(d, mongolianNames)
	if d.IntN(6) == 0 {
		name = pick(d, mongolianClans) + "·" + name
	}
	return name
}
