-- The name `mailbox` belongs to a type of records; how a mailbox is reached stays beside it.

ALTER TABLE mailbox RENAME TO mailaccount;
DROP INDEX mailbox_user;
CREATE INDEX mailaccount_user ON mailaccount (userid);
