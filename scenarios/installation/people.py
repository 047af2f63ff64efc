"""The people of a scenario as the development issuer and the directory need them before it can be played."""

from local.development.people import Name, Person
from scenarios.references import handle_of
from scenarios.story import Scenario
from services.partners.app.register_organisation import RegisterOrganisation
from services.partners.owner import FirstOperator
from shared.contracts.values import Text
from shared.domain.actor import Role
from shared.service.settings import DEVELOPMENT_ISSUER


def people_of(scenario: Scenario) -> list[Person]:
    """All people of the scenario, in the form that the development issuer reads."""
    people = scenario.people.values()
    return [Person(subject=each.subject, name=Name(en=str(each.name), zh=each.name.zh)) for each in people]


def operator_of(scenario: Scenario) -> FirstOperator:
    """The operator, with an organisation that lies within no other one yet."""
    operator = scenario.operator
    office = next(each for each in operator.offices if "operator" in each.fields["roles"])
    fields = scenario.organisations[handle_of(office.organisation)]
    home = RegisterOrganisation.model_validate({name: each for name, each in fields.items() if name != "parent_id"})
    return FirstOperator(
        subject=operator.subject,
        issuer=DEVELOPMENT_ISSUER,
        name=operator.name,
        title=Text.model_validate(office.fields["title"]),
        roles=frozenset(Role(role) for role in office.fields["roles"]),
        identifier=next(iter(home.identifiers), None),
        organisation=home,
    )
