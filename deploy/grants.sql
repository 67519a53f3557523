-- 各节点所用角色的权限。建表之后和每次升级表结构之后，在主库的 diaoxiao 库中以超级用户执行；可重复执行。
--
--   sudo -u postgres psql -v ON_ERROR_STOP=1 -d diaoxiao -f grants.sql
--
-- 受理的案件、正文、报送记录、案件办理经过和审计写入之后谁也改不了、删不掉：节点的口令泄露或程序出错都不会毁掉它们。
-- 变更记录和调用只增不改；会话的变更记录随会话删除，调用到期删除。
-- 派生的数据（市场主体行、检索键、核验结果）可以删除重建。

GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO diaoxiao;
REVOKE UPDATE, DELETE ON cases, pack, body_part, case_return, attempt, audit, gap, case_event,
    register_snapshot, stat_month, evidence_log, evidence_checkpoint, evidence_stamp, evidence_cosignature,
    evidence_rotation, identity_salt FROM diaoxiao;
REVOKE UPDATE ON row_digest, call FROM diaoxiao;
REVOKE INSERT, UPDATE, DELETE ON goose_db_version, compatible, copying, origin FROM diaoxiao;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO diaoxiao;

-- 核验时锁住案件行，PostgreSQL 为此要求对某一列有更新权；程序从不更新任何一列，改动也会被 diaoxiao db check 发现。
GRANT UPDATE (pack_offset) ON cases TO diaoxiao;
