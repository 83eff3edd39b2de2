-- One row per network whose sentences speak of it as a project, and in how many different ones they do.
select statement.network_id, count(distinct statement.phrase_id) as sentences
from {{ ref('statement') }} as statement
inner join {{ ref('phrase') }} as phrase using (phrase_id)
where statement.statement_kind = 'sentence' and phrase.has_project_self
group by statement.network_id
