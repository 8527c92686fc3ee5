"""The handling unit's desk 承办单位工作台: what is in hand by due time, one ticket, knowledge."""
