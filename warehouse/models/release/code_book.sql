select rule_id, facet, statement, '{{ var("rule_version") }}' as rule_version from {{ ref('rule') }}
