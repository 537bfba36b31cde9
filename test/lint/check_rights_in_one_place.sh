#!/bin/bash
# Who may do what is asked of the room rights: nobody else looks at memberships, by a function of ours, of the server or of SQL.
# native/progress.cpp follows pg_stat_activity's rule.
# guard/harmless_list.hpp has the names of SQL functions, and calls none.
! grep -rnE 'pg::(is_member|can_act_for|is_superuser)\b|has_privs_of_role|member_can_set_role|\bpg_has_role\b|\bhas_[a-z_]+_privilege\b|\bpg_auth_members\b|\brol(super|inherit|bypassrls)\b' src --include='*.cpp' --include='*.hpp' |
    grep -vE '^src/(rights|pg)/|^src/native/progress(_raising)?\.cpp|^src/guard/harmless_list\.hpp'
