{# The words of `lexicon` and the patterns of `typology_signal` are compiled into the SQL as constants: a pattern
   that is a column makes DuckDB compile it for every row (317 s against 3 s on 70,000 sentences). #}

{% macro literal(text) %}'{{ (text or '') | replace("'", "''") }}'{% endmacro %}

{# Text as patterns read it: lower case, no accents, plain apostrophes, hyphens and blanks; as many letters as before. #}
{% macro folded(text) %}strip_accents(lower(translate({{ text }}, 'İ’‘‐‑–' || chr(160), 'I''''--- '))){% endmacro %}

{# A statement (text, statement_kind) as patterns read it; 'Photonics4Industry' names two words. #}
{% macro folded_statement() %}
    {{- folded("if(statement_kind = 'name', regexp_replace(text, '([a-z])([0-9])([A-Z])', '\\1 \\2 \\3', 'g'), text)") -}}
{% endmacro %}

{# Any of some words, as words. #}
{% macro any_of(words) %}{{ return('\\b(?:' ~ words ~ ')\\b') }}{% endmacro %}

{% macro rows_of(query) %}
    {% if execute %}{{ return(run_query(query).rows) }}{% endif %}
    {{ return([]) }}
{% endmacro %}

{# {term: its words in all languages, as one alternation}. #}
{% macro lexicon() %}
    {% set words = {} %}
    {% for row in rows_of(
        "select term, string_agg(words, '|' order by language) as words from " ~ ref('lexicon') ~ " group by term order by term"
    ) %}
        {% do words.update({row['term']: row['words']}) %}
    {% endfor %}
    {{ return(words) }}
{% endmacro %}

{# The terms of the lexicon that tell of networks, or those alone of them that may stand in any sentence. #}
{% macro telling_terms(anywhere=false) %}
    {% set terms = [] %}
    {% for row in rows_of("select term from " ~ ref('term') ~ " where tells_of_networks = 'true'" ~ (" and stands_anywhere = 'true'" if anywhere else "") ~ " order by term") %}
        {% do terms.append(row['term']) %}
    {% endfor %}
    {{ return(terms) }}
{% endmacro %}

{# The seeds whose words name a market, a region, a country or a place: the column that is its code, how signals of it begin, and
   how the columns of `phrase` begin that say whether any of a batch of them occurs. #}
{% macro named_kinds() %}
    {{ return([
        {'seed': 'sector_word', 'code': 'sector', 'prefix': 'sector_', 'flag': 'names_a_sector'},
        {'seed': 'macro_region', 'code': 'macro_region', 'prefix': 'region_', 'flag': 'names_a_region'},
        {'seed': 'country_word', 'code': 'country', 'prefix': 'country_', 'flag': 'names_a_country'},
        {'seed': 'place_word', 'code': 'country', 'prefix': 'place_', 'flag': 'names_a_place'},
    ]) }}
{% endmacro %}

{# The terms that a pattern names in braces. #}
{% macro terms_of(pattern) %}{{ return(modules.re.findall('\\{([a-z_]+)\\}', pattern)) }}{% endmacro %}

{# A pattern with its terms filled in; {near}, {near2} and {near1} stand for up to five, two or one words between. #}
{% macro compiled(pattern, lexicon) %}
    {% set text = namespace(of=pattern) %}
    {% for gap, words in (('{near}', 5), ('{near2}', 2), ('{near1}', 1)) %}
        {% set text.of = text.of | replace(gap, "(?:[^\\w.;:]+[\\w'-]+){0," ~ words ~ "}?[^\\w.;:]+") %}
    {% endfor %}
    {% for term in terms_of(pattern) if term in lexicon %}
        {% set text.of = text.of | replace('{' ~ term ~ '}', any_of(lexicon[term])) %}
    {% endfor %}
    {{ return(text.of) }}
{% endmacro %}

{# The alternatives of a pattern, none of its brackets cut. #}
{% macro alternatives_of(pattern) %}
    {% set found = [] %}
    {% set one = namespace(text='', depth=0) %}
    {% for letter in pattern %}
        {% if letter == '|' and one.depth == 0 %}
            {% do found.append(one.text) %}
            {% set one.text = '' %}
        {% else %}
            {% set one.depth = one.depth + {'(': 1, ')': -1}.get(letter, 0) %}
            {% set one.text = one.text ~ letter %}
        {% endif %}
    {% endfor %}
    {{ return(found + [one.text]) }}
{% endmacro %}

{# The terms that each alternative of a pattern needs, [[term, …], …]; none where one alternative needs none. #}
{% macro terms_needed(pattern, lexicon) %}
    {% set needed = [] %}
    {% for alternative in alternatives_of(pattern) %}
        {% set terms = [] %}
        {# What stands in brackets may be one of several, or lacking. #}
        {% for term in terms_of(modules.re.sub('\\(.*\\)', '', alternative)) if term in lexicon %}{% do terms.append(term) %}{% endfor %}
        {% do needed.append(terms) %}
    {% endfor %}
    {{ return([] if [] in needed else needed) }}
{% endmacro %}

{# SQL that is true where the terms of one of a pattern's alternatives occur at all: cheap, and rarely so. #}
{% macro terms_occur(needed) %}
    {% set alternatives = [] %}
    {% for terms in needed %}{% do alternatives.append('(has_' ~ (terms | join(' and has_')) ~ ')') %}{% endfor %}
    {{ return('(' ~ (alternatives | join(' or ')) ~ ')') }}
{% endmacro %}

{# The rows of `pattern` of one kind. #}
{% macro patterns(kind) %}
    {{ return(rows_of("select number, name, pattern from " ~ ref('pattern') ~ " where kind = '" ~ kind ~ "' order by number")) }}
{% endmacro %}

{# SQL that is true where one of some rows of `pattern` may match a sentence at all: 63 bits a column of phrase_possible. #}
{% macro may_match(rows) %}
    {% set bits = {} %}
    {% for row in rows %}{% do bits.update({row['number'] // 63: bits.get(row['number'] // 63, 0) + 2 ** (row['number'] % 63)}) %}{% endfor %}
    {% set tests = [] %}
    {% for column, mask in bits.items() %}{% do tests.append('possible_' ~ column ~ ' & ' ~ mask ~ ' != 0') %}{% endfor %}
    {{ return('(' ~ (tests | join(' or ')) ~ ')') }}
{% endmacro %}

{# SQL that is true where one of some rows of `pattern` matches a sentence: none is tried where it cannot. #}
{% macro matches(rows) %}
    {% set tried = [] %}
    {% for row in rows %}
        {% set match = 'regexp_matches(folded, ' ~ literal(row['pattern']) ~ ')' %}
        {% do tried.append(match if rows | length == 1 else 'case when ' ~ may_match([row]) ~ ' then ' ~ match ~ ' else false end') %}
    {% endfor %}
    {{ return('case when ' ~ may_match(rows) ~ ' then ' ~ (tried | join(' or ')) ~ ' else false end') }}
{% endmacro %}

{# [{code: its words as one alternation}, …] of a seed: batches short enough for one pattern to run at full speed (one
   pattern of 50,000 letters took thirty times as long as nine of 6,000). #}
{% macro batches(seed, code, longest=6000) %}
    {% set found = [] %}
    {% set batch = namespace(of={}, length=0) %}
    {% for row in rows_of(
        "select " ~ code ~ " as code, string_agg(words, '|' order by words) as words from " ~ seed ~ " group by 1 order by 1"
    ) %}
        {% if batch.of and batch.length + row['words'] | length > longest %}
            {% do found.append(batch.of) %}
            {% set batch.of = {} %}
            {% set batch.length = 0 %}
        {% endif %}
        {% do batch.of.update({row['code']: row['words']}) %}
        {% set batch.length = batch.length + row['words'] | length %}
    {% endfor %}
    {% if batch.of %}{% do found.append(batch.of) %}{% endif %}
    {{ return(found) }}
{% endmacro %}

{# The first code of a seed (code, pattern, rank) whose pattern fits `text`. #}
{% macro first_code(seed, code, text) %}
    {% if execute %}
        {% set found = run_query("select " ~ code ~ " as code, pattern from " ~ seed ~ " order by rank") %}
        case
            {% for row in found.rows %}
                when regexp_matches({{ text }}, {{ literal(row['pattern']) }}) then {{ literal(row['code']) }}
            {% endfor %}
        end
    {% else %}
        null
    {% endif %}
{% endmacro %}

{# At most 300 characters of `text`, whole words, with the sign at `position` among them; letter for letter. #}
{% macro quote_around(text, position) %}
    {% set start = 'greatest(1, least(' ~ position ~ ' - 140, length(' ~ text ~ ') - 299))' %}
    case
        when length({{ text }}) <= 300 then {{ text }}
        when {{ start }} = 1 then regexp_replace(left({{ text }}, 300), '\s+\S*$', '')
        when {{ start }} + 300 > length({{ text }}) then regexp_replace(right({{ text }}, 300), '^\S*\s+', '')
        else regexp_replace(regexp_replace(substr({{ text }}, {{ start }}, 300), '^\S*\s+', ''), '\s+\S*$', '')
    end
{% endmacro %}

{# The patterns of `modality_pattern` in the order in which they are tried: those for certain signs before those for all. #}
{% macro modality_patterns() %}
    {{ return(rows_of(
        "select word.*, number from " ~ ref('modality_pattern') ~ " as word inner join " ~ ref('modality') ~ " as modality using (modality)"
        ~ " inner join " ~ ref('pattern') ~ " as pattern on pattern.kind = 'modality' and pattern.name = word.reads and pattern.pattern = word.pattern"
        ~ " order by coalesce(word.signs, '') = '', modality.rank::int, word.reads, word.pattern"
    )) }}
{% endmacro %}

{# SQL of what a pattern of `modality_pattern` reads of a hit: its words, what stands before or after them, both, or the sentence. #}
{% macro read_of_hit(reads) %}
    {{ return({
        'thus_far': 'left(folded, word_start - 1 + length(words))',
        'after': 'substr(folded, word_start + length(words))',
    }.get(reads, reads)) }}
{% endmacro %}

{# SQL that is true where a row of `modality_pattern` fits a hit: what it reads, and that the signal is one of its signs. #}
{% macro fits(row) -%}
    {% if row['signs'] %}regexp_matches(signal_id, {{ literal(row['signs']) }}) and {% endif -%}
    {{ may_match([row]) }} and regexp_matches({{ read_of_hit(row['reads']) }}, {{ literal(row['pattern']) }})
{%- endmacro %}
