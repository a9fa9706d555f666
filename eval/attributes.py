"""Made-up statements about a subject, each with questions that it answers and that nothing else answers.

They teach a reader that the attribute counts, not the subject: of the statements about a subject one answers the
question, the others are about something else of it. Every question has its answering statement as often as not, so
that no question looks unanswerable by itself.
"""

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attribute:
    """Ways of asking for something and of stating it; `{e}` is the subject, other braces are names of fillers."""

    questions: tuple[str, ...]
    statements: tuple[str, ...]


def _listed(names: str) -> tuple[str, ...]:
    return tuple(" ".join(names.split()).split(", "))


PEOPLE = _listed(
    """Maria Lindqvist, Chen Guohua, Robert Okafor, Elena Petrova, Liu Yanping, James Whitfield, Aisha Rahman,
    Zhao Min, Carlos Mendes, Hannah Weiss, Ivan Sokolov, Sun Lihong, Thomas Keller, Priya Nair, Wang Jianguo,
    Sophie Laurent, David Mbeki, Kim Seo-yeon, Antonio Rossi, Fatima Zahra"""
)
CITIES = _listed(
    """Geneva, Hangzhou, Nairobi, Lisbon, Shenzhen, Oslo, Montreal, Jakarta, Xi'an, Vienna, Doha, Singapore,
    Wuhan, Cape Town, Lyon, Osaka, Tashkent, Boston"""
)
GROUPS = _listed(
    """the Ministry of Education, Northern Telecom, the World Bank, the city council, a group of universities,
    Huaxia Bank, the Institute of Physics, the Red Cross, the Association of Publishers, a private foundation"""
)
TOPICS = _listed(
    """Open Data for Everyone, Water and Peace, A Shared Future, Learning without Borders, Clean Energy Now,
    Trust in the Digital Age, Cities That Breathe, Bridges between Cultures"""
)
MONTHS = "January February March April May June July August September October November December".split()

ATTRIBUTES = (
    Attribute(
        ("What is the phone number of {e}?", "What is {e}'s telephone number?", "What number can I call to reach {e}?"),
        (
            "{e} can be reached by telephone on {phone}.",
            "Telephone of {e}: {phone}.",
            "For enquiries call {e} at {phone}.",
        ),
    ),
    Attribute(
        ("What is the annual budget of {e}?", "How much money does {e} spend each year?", "How large is {e}'s budget?"),
        (
            "The annual budget of {e} is {money}.",
            "{e} spends about {money} a year.",
            "{e} works with a yearly budget of {money}.",
        ),
    ),
    Attribute(
        ("How many people work at {e}?", "How many employees does {e} have?", "What is the size of the staff of {e}?"),
        ("{e} has a staff of {count}.", "{e} employs {count} people.", "About {count} people work at {e}."),
    ),
    Attribute(
        ("Who is the chief financial officer of {e}?", "Who looks after the finances of {e}?"),
        ("The chief financial officer of {e} is {person}.", "{person} is in charge of finance at {e}."),
    ),
    Attribute(
        ("Who chairs {e}?", "Who is the chair of {e}?", "Who is {e}'s chairman?"),
        ("{e} is chaired by {person}.", "{person} is the chair of {e}.", "The chairman of {e} is {person}."),
    ),
    Attribute(
        ("Who is the director of {e}?", "Who heads {e}?", "Who leads {e}?"),
        ("{e} is headed by {person}.", "{person} is the director of {e}.", "{person} has led {e} since {year}."),
    ),
    Attribute(
        ("Who succeeded {person0} at {e}?", "Who took over from {person0} as head of {e}?"),
        ("{person} succeeded {person0} at the head of {e}.", "At {e}, {person0} was followed by {person}."),
    ),
    Attribute(
        ("Who founded {e}?", "By whom was {e} established?", "Who set up {e}?"),
        ("{e} was founded by {person}.", "{person} established {e}.", "{e} was set up by {group}."),
    ),
    Attribute(
        (
            "When was {e} founded?",
            "In what year was {e} established?",
            "When was {e} set up?",
            "How long has {e} existed?",
        ),
        ("{e} was founded in {year}.", "{e} was established in {month} {year}.", "{e} has existed since {year}."),
    ),
    Attribute(
        ("When was {e} closed?", "In which year was {e} dissolved?", "When did {e} cease to exist?"),
        ("{e} was closed in {year}.", "{e} was dissolved in {month} {year}.", "In {year} {e} ceased to exist."),
    ),
    Attribute(
        ("Where is {e} based?", "In which city is the headquarters of {e}?", "Where are the head offices of {e}?"),
        ("{e} has its headquarters in {city}.", "{e} is based in {city}.", "The head office of {e} is in {city}."),
    ),
    Attribute(
        ("Who pays for {e}?", "Who finances {e}?", "Where does the money for {e} come from?"),
        ("{e} is financed by {group}.", "The money for {e} comes from {group}.", "{group0} pays for {e}."),
    ),
    Attribute(
        ("What is the website of {e}?", "What is the web address of {e}?", "Where can I find {e} on the internet?"),
        ("The website of {e} is {site}.", "More about {e} can be found at {site}."),
    ),
    Attribute(
        ("What is the e-mail address of {e}?", "How can I write an email to {e}?"),
        ("{e} can be written to at {mail}.", "The e-mail address of {e} is {mail}."),
    ),
    Attribute(
        ("How much does it cost to join {e}?", "What is the membership fee of {e}?", "What do members of {e} pay?"),
        (
            "Members of {e} pay a yearly fee of {price}.",
            "Joining {e} costs {price}.",
            "The membership fee of {e} is {price}.",
        ),
    ),
    Attribute(
        ("How many members does {e} have?", "What is the number of members of {e}?"),
        ("{e} has {count} members.", "{count} organizations are members of {e}."),
    ),
    Attribute(
        ("How many visitors did {e} have in {year0}?", "How many people visited {e} in {year0}?"),
        ("In {year0}, {count} people visited {e}.", "{e} counted {count} visitors in {year0}."),
    ),
    Attribute(
        ("How many people attended {e}?", "How many guests took part in {e}?"),
        ("{e} was attended by {count} guests.", "{count} people took part in {e}."),
    ),
    Attribute(
        (
            "What is the deadline for applications to {e}?",
            "Until when can one apply to {e}?",
            "When does registration for {e} end?",
        ),
        (
            "Applications to {e} are accepted until {day} {month} {year}.",
            "Registration for {e} closes on {month} {day}.",
        ),
    ),
    Attribute(
        ("What was the theme of {e}?", "What motto did {e} have?"),
        ('The theme of {e} was "{topic}".', '{e} was held under the motto "{topic}".'),
    ),
    Attribute(
        ("Where did {e} take place?", "In which city was {e} held?"),
        ("{e} took place in {city}.", "{city} hosted {e}.", "{e} was held in {city} in {month} {year}."),
    ),
    Attribute(
        ("When did {e} take place?", "On which date was {e} held?"),
        ("{e} took place on {month} {day}, {year}.", "{e} was held from {day} to {day} {month} {year}."),
    ),
    Attribute(
        ("When is the next {e}?", "In which year will {e} be held again?"),
        ("The next {e} will be held in {year}.", "{e} will return in {month} {year}."),
    ),
    Attribute(
        ("Who won {e} in {year0}?", "Who was the winner of {e} in {year0}?", "Who came first at {e} in {year0}?"),
        ("{person} won {e} in {year0}.", "The winner of {e} in {year0} was {person}."),
    ),
    Attribute(
        ("What languages are spoken at {e}?", "What are the working languages of {e}?"),
        ("The working languages of {e} are English and French.", "At {e} Spanish and Chinese are spoken."),
    ),
    Attribute(
        ("Who signed the agreement with {e}?", "Who signed the contract with {e} on behalf of {group0}?"),
        ("{person} signed the agreement with {e} on behalf of {group0}.",),
    ),
    Attribute(
        ("How large is {e}?", "What area does {e} cover?"),
        ("{e} covers an area of {count} square metres.", "{e} is {count} square metres large."),
    ),
    Attribute(
        ("How many applications did {e} receive in {year0}?", "How many submissions were made to {e} in {year0}?"),
        ("In {year0} {e} received {count} applications.", "{count} submissions were made to {e} in {year0}."),
    ),
    Attribute(
        ("When was the report on {e} published?", "In which month did the report about {e} appear?"),
        ("The report on {e} was published in {month} {year}.", "A report about {e} appeared in {month} {year}."),
    ),
    Attribute(
        ("Who wrote the report on {e}?", "Who are the authors of the report about {e}?", "Who led the study of {e}?"),
        ("The report on {e} was written by {person}.", "{person} of {group} led the study of {e}."),
    ),
    Attribute(
        ("What did {person0} say about {e}?", "What was said by {person0} in the speech at {e}?"),
        ("{person0} said that {e} would shape the coming decade.", "At {e}, {person0} called for patience and trust."),
    ),
    Attribute(
        ("When was the founder of {e} born?", "In which year was the head of {e} born?"),
        ("The founder of {e} was born in {year}.", "The head of {e}, born in {year}, studied law."),
    ),
    Attribute(
        ("Where was the head of {e} born?", "What is the birthplace of the head of {e}?"),
        ("The head of {e} was born in {city}.", "The head of {e} comes from {city}."),
    ),
    Attribute(
        ("What do the letters of {e} stand for?", "Why is {e} called so?", "Where does the name {e} come from?"),
        ("The name {e} comes from the river that once ran there.", "{e} was named after {person}."),
    ),
    Attribute(
        ("What is the goal of {e}?", "What does {e} want to achieve?", "What is the purpose of {e}?"),
        (
            "The goal of {e} is to train young engineers.",
            "{e} wants to make books available to all.",
            "The purpose of {e} is to bring doctors and farmers together.",
        ),
    ),
)


def filled(pattern: str, subject: str, fillers: dict[str, str]) -> str:
    """Return a question or statement about the subject."""
    text = pattern.replace("{e}", subject)
    for name, value in fillers.items():
        text = text.replace(f"{{{name}}}", value)
    return text[0].upper() + text[1:]


def fillers(rng: random.Random) -> dict[str, str]:
    """Return made-up values by name; those that end in 0 are what a question itself names."""
    count = rng.choice((rng.randrange(5, 90), rng.randrange(100, 990), rng.randrange(1000, 90000)))
    people, years = rng.sample(PEOPLE, 2), rng.sample(range(1975, 2027), 2)
    unit = rng.choice(("$", "US$", "€", "RMB "))
    word = rng.choice(("office", "info", "secretariat", "contact"))
    site = f"www.{rng.choice('abcdefghkmnprst')}{rng.choice(('net', 'forum', 'lab', 'org'))}{rng.randrange(99)}.org"
    return {
        "phone": f"+{rng.randrange(1, 99)} {rng.randrange(100, 999)} {rng.randrange(10**6, 10**7)}",
        "money": f"{unit}{rng.randrange(2, 95)}.{rng.randrange(10)} {rng.choice(('million', 'billion'))}",
        "price": f"{unit}{rng.randrange(1, 90)}00",
        "count": f"{count:,}" if rng.random() < 0.7 else str(count),
        "person0": people[1],
        "person": people[0],
        "year0": str(years[1]),
        "year": str(years[0]),
        "month": rng.choice(MONTHS),
        "day": str(rng.randrange(1, 29)),
        "city": rng.choice(CITIES),
        "group0": rng.choice(GROUPS),
        "group": rng.choice(GROUPS),
        "site": site,
        "mail": f"{word}@{site[4:]}",
        "topic": rng.choice(TOPICS),
    }


@dataclass(frozen=True, slots=True)
class Told:
    """A question about a subject with statements: one that answers, and some that do not."""

    question: str
    answering: str
    others: tuple[str, ...]


def told(subject: str, rng: random.Random, others: int = 3) -> Told:
    """Return a question about the subject, a statement that answers it and others about the subject that do not."""
    chosen = rng.sample(ATTRIBUTES, others + 1)
    values = fillers(rng)
    asked = rng.choice(chosen[0].questions)
    told = [filled(rng.choice(a.statements), subject, values) for a in chosen]
    if "{year0}" in asked:
        another = values | fillers(rng) | {"person0": values["person0"], "group0": values["group0"]}
        told.append(filled(rng.choice(chosen[0].statements), subject, another))
    return Told(filled(asked, subject, values), told[0], tuple(told[1:]))
