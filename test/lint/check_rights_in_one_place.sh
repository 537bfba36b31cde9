#!/bin/bash
# Who may do what is asked of the room rights: nobody else looks at memberships. native/progress.cpp follows pg_stat_activity's rule.
! grep -rnE 'pg::(is_member|can_act_for|is_superuser)\b|has_privs_of_role|member_can_set_role' src --include='*.cpp' --include='*.hpp' |
    grep -vE '^src/(rights|pg)/|^src/native/progress\.cpp'
