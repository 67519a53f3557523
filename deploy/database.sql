-- 为 diaoxiao 建角色和数据库。在主库上以超级用户执行一次：
--
--   sudo -u postgres psql -v ON_ERROR_STOP=1 -f database.sql
--   sudo -u postgres psql -c '\password diaoxiao_owner' -c '\password diaoxiao'
--
-- diaoxiao_owner 建表、升级表结构，平时不用；diaoxiao 是各节点所用的角色，权限见 grants.sql。

CREATE ROLE diaoxiao_owner LOGIN;
CREATE ROLE diaoxiao LOGIN CONNECTION LIMIT 150; -- 每个节点至多 9 个；留下的归备份、监控和管理员

-- 编码必须是 UTF8。排序规则 C 不随操作系统升级而变，索引不会因此失效。
CREATE DATABASE diaoxiao OWNER diaoxiao_owner ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0;
REVOKE ALL ON DATABASE diaoxiao FROM PUBLIC;
GRANT CONNECT ON DATABASE diaoxiao TO diaoxiao;

\connect diaoxiao
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO diaoxiao_owner;
GRANT USAGE ON SCHEMA public TO diaoxiao;
