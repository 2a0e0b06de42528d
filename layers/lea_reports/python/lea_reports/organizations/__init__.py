"""Who gives tests and who enrolls students: CDS codes, LEAs and their schools."""

from lea_reports.organizations.cds_code import CdsCode
from lea_reports.organizations.directory import LeaDirectory
from lea_reports.organizations.organization import Lea, OrganizationKind, School, Window

__all__ = ["CdsCode", "Lea", "LeaDirectory", "OrganizationKind", "School", "Window"]
