"""The network as it is: eighteen establishments, « Autre organisation », six communities, professions.

Everyday names are the hospitals and former names under which people know an establishment. Mail domains
stay empty: the public ones are shared by many establishments and would prove nothing. Going back takes
away only what nobody points at.
"""

from django.db import migrations

MONTREAL, QUEBEC = "Montréal", "Capitale-Nationale"

# code, French name, English name, short name, region, city, everyday names
ESTABLISHMENTS = [
    ("chu-sainte-justine", "CHU Sainte-Justine", "", "CHU Sainte-Justine", MONTREAL, "Montréal", [
        "Hôpital Sainte-Justine", "Centre hospitalier universitaire Sainte-Justine",
        "Centre de réadaptation Marie Enfant"]),
    ("chum", "Centre hospitalier de l’Université de Montréal (CHUM)", "", "CHUM", MONTREAL, "Montréal", [
        "Hôpital Saint-Luc", "Hôtel-Dieu de Montréal", "CRCHUM"]),
    ("ciusss-est-montreal", "CIUSSS de l’Est-de-l’Île-de-Montréal", "", "CIUSSS de l’Est-de-l’Île-de-Montréal", MONTREAL, "Montréal", [
        "Hôpital Maisonneuve-Rosemont", "Maisonneuve-Rosemont", "HMR", "Hôpital Santa Cabrini",
        "Institut universitaire en santé mentale de Montréal", "Hôpital Louis-H. Lafontaine"]),
    ("ciusss-centre-ouest-montreal", "CIUSSS du Centre-Ouest-de-l’Île-de-Montréal",
     "CIUSSS West-Central Montreal", "CIUSSS du Centre-Ouest-de-l’Île-de-Montréal", MONTREAL, "Montréal", [
        "Hôpital général juif", "Jewish General Hospital", "HGJ", "Institut Lady Davis",
        "Lady Davis Institute", "Hôpital Mont-Sinaï"]),
    ("ciusss-ouest-montreal", "CIUSSS de l’Ouest-de-l’Île-de-Montréal",
     "CIUSSS Montreal West Island", "CIUSSS de l’Ouest-de-l’Île-de-Montréal", MONTREAL, "Montréal", [
        "Hôpital de St. Mary", "St. Mary’s Hospital", "Hôpital général du Lakeshore",
        "Lakeshore General Hospital", "Institut universitaire en santé mentale Douglas",
        "Hôpital Douglas", "Hôpital de LaSalle", "Hôpital Sainte-Anne"]),
    ("ciusss-nord-montreal", "CIUSSS du Nord-de-l’Île-de-Montréal", "", "CIUSSS du Nord-de-l’Île-de-Montréal", MONTREAL, "Montréal", [
        "Hôpital du Sacré-Cœur-de-Montréal", "Sacré-Cœur", "Hôpital Jean-Talon", "Hôpital Fleury",
        "Hôpital Rivière-des-Prairies", "Hôpital en santé mentale Albert-Prévost"]),
    ("cusm", "Centre universitaire de santé McGill (CUSM)", "McGill University Health Centre (MUHC)", "CUSM", MONTREAL, "Montréal", [
        "MUHC", "Hôpital Royal Victoria", "Royal Victoria Hospital", "Hôpital général de Montréal",
        "Montreal General Hospital", "Hôpital de Montréal pour enfants",
        "Montreal Children’s Hospital", "Institut thoracique de Montréal",
        "Hôpital neurologique de Montréal", "Montreal Neurological Hospital", "Hôpital de Lachine",
        "Site Glen"]),
    ("chu-de-quebec", "CHU de Québec – Université Laval", "", "CHU de Québec", QUEBEC, "Québec", [
        "L’Hôtel-Dieu de Québec", "CHUL", "Centre hospitalier de l’Université Laval",
        "Hôpital de l’Enfant-Jésus", "Hôpital du Saint-Sacrement", "Hôpital Saint-François d’Assise",
        "Centre mère-enfant Soleil"]),
    ("iucpq", "Institut universitaire de cardiologie et de pneumologie de Québec – Université Laval",
     "", "IUCPQ", QUEBEC, "Québec", ["Hôpital Laval", "Institut de cardiologie et de pneumologie de Québec"]),
    ("ciusss-saguenay-lac-saint-jean", "CIUSSS du Saguenay–Lac-Saint-Jean", "", "CIUSSS du Saguenay–Lac-Saint-Jean",
     "Saguenay–Lac-Saint-Jean", "Saguenay", [
        "Hôpital de Chicoutimi", "Hôpital de Jonquière", "Hôpital de La Baie", "Hôpital d’Alma",
        "Hôpital de Roberval", "Hôpital de Dolbeau-Mistassini"]),
    ("cisss-outaouais", "CISSS de l’Outaouais", "", "CISSS de l’Outaouais", "Outaouais", "Gatineau", [
        "Hôpital de Gatineau", "Hôpital de Hull", "Hôpital de Papineau", "Hôpital de Maniwaki"]),
    ("cisss-monteregie-centre", "CISSS de la Montérégie-Centre", "", "CISSS de la Montérégie-Centre", "Montérégie", "Longueuil", [
        "Hôpital Charles-Le Moyne", "Charles-Le Moyne", "Hôpital du Haut-Richelieu"]),
    ("cisss-laval", "CISSS de Laval", "", "CISSS de Laval", "Laval", "Laval", [
        "Hôpital de la Cité-de-la-Santé", "Cité-de-la-Santé", "Hôpital juif de réadaptation"]),
    ("cisss-chaudiere-appalaches", "CISSS de Chaudière-Appalaches", "", "CISSS de Chaudière-Appalaches", "Chaudière-Appalaches", "Lévis", [
        "Hôtel-Dieu de Lévis", "Hôpital de Saint-Georges", "Hôpital de Thetford Mines",
        "Hôpital de Montmagny"]),
    ("cisss-bas-saint-laurent", "CISSS du Bas-Saint-Laurent", "", "CISSS du Bas-Saint-Laurent", "Bas-Saint-Laurent", "Rimouski", [
        "Hôpital régional de Rimouski", "Hôpital de Rimouski", "Hôpital de Matane", "Hôpital d’Amqui",
        "Centre hospitalier régional du Grand-Portage", "Hôpital Notre-Dame-de-Fatima"]),
    ("cisss-laurentides", "CISSS des Laurentides", "", "CISSS des Laurentides", "Laurentides", "Saint-Jérôme", [
        "Hôpital régional de Saint-Jérôme", "Hôpital de Saint-Jérôme", "Hôpital de Saint-Eustache",
        "Hôpital Laurentien", "Hôpital de Mont-Laurier"]),
    ("ciusss-estrie", "CIUSSS de l’Estrie – CHUS", "", "CIUSSS de l’Estrie", "Estrie", "Sherbrooke", [
        "CHUS", "Centre hospitalier universitaire de Sherbrooke", "Hôpital Fleurimont",
        "Hôtel-Dieu de Sherbrooke", "Hôpital de Granby", "Hôpital Brome-Missisquoi-Perkins"]),
    ("ciusss-mauricie-centre-du-quebec", "CIUSSS de la Mauricie-et-du-Centre-du-Québec", "", "CIUSSS de la Mauricie-et-du-Centre-du-Québec", "Mauricie et Centre-du-Québec", "Trois-Rivières", [
        "Centre hospitalier affilié universitaire régional", "CHAUR", "Hôpital Sainte-Croix",
        "Hôtel-Dieu d’Arthabaska", "Hôpital du Centre-de-la-Mauricie"]),
]
OTHER = ("autre-organisation", "Autre organisation", "Other organisation", "Autre organisation")

COMMUNITIES = [
    ("thoracique", "Communauté thoracique", "Thoracic community", 2018),
    ("pediatrique", "Communauté pédiatrique", "Pediatric community", 2018),
    ("hematologique", "Communauté hématologique", "Hematology community", 2020),
    ("gastro-intestinal", "Communauté gastro-intestinale", "Gastrointestinal community", 2020),
    ("gynecologique", "Communauté gynécologique", "Gynecology community", 2021),
    ("neurologique", "Communauté neurologique", "Neurology community", 2022),
]

OIIQ = ("Ordre des infirmières et infirmiers du Québec", "")
PROFESSIONS = [
    ("infirmiere-recherche", "Infirmière ou infirmier de recherche", "Research nurse", *OIIQ),
    ("coordonnatrice-recherche", "Coordonnatrice ou coordonnateur de recherche", "Research coordinator", "", ""),
    ("assistante-recherche", "Assistante ou assistant de recherche", "Research assistant", "", ""),
    ("medecin", "Médecin", "Physician", "Collège des médecins du Québec", ""),
    ("pharmacienne", "Pharmacienne ou pharmacien", "Pharmacist", "Ordre des pharmaciens du Québec", ""),
    ("gestion-donnees", "Gestionnaire de données", "Data manager", "", ""),
    ("affaires-reglementaires", "Spécialiste des affaires réglementaires", "Regulatory affairs specialist", "", ""),
    ("ethique", "Membre ou personnel d’un comité d’éthique", "Research ethics board member or staff", "", ""),
    ("gestionnaire", "Gestionnaire", "Manager", "", ""),
    ("etudiante", "Étudiante ou étudiant", "Student", "", ""),
    ("autre", "Autre profession", "Other profession", "", ""),
]


def write(apps, schema_editor):
    Establishment = apps.get_model("people", "Establishment")
    EstablishmentName = apps.get_model("people", "EstablishmentName")
    Community = apps.get_model("people", "Community")
    Profession = apps.get_model("people", "Profession")
    for code, name_fr, name_en, short_name, region, city, names in ESTABLISHMENTS:
        row, _ = Establishment.objects.update_or_create(code=code, defaults={
            "name_fr": name_fr, "name_en": name_en, "short_name": short_name, "region": region,
            "city": city, "kind": "network"})
        for place, name in enumerate(names):
            EstablishmentName.objects.update_or_create(
                establishment_id=row.pk, name=name, defaults={"sort_order": place})
    code, name_fr, name_en, short_name = OTHER
    Establishment.objects.update_or_create(code=code, defaults={
        "name_fr": name_fr, "name_en": name_en, "short_name": short_name, "kind": "other"})
    for code, name_fr, name_en, year in COMMUNITIES:
        Community.objects.update_or_create(code=code, defaults={
            "name_fr": name_fr, "name_en": name_en, "founded_year": year})
    for place, (code, title_fr, title_en, order_fr, order_en) in enumerate(PROFESSIONS, start=1):
        Profession.objects.update_or_create(code=code, defaults={
            "title_fr": title_fr, "title_en": title_en, "order_fr": order_fr,
            "order_en": order_en, "position": place * 10})


def take_away(apps, schema_editor):
    codes = [row[0] for row in ESTABLISHMENTS] + [OTHER[0]]
    places = apps.get_model("people", "Establishment").objects
    places.filter(code__in=codes, memberships__isnull=True).delete()
    groups = apps.get_model("people", "Community").objects
    groups.filter(code__in=[row[0] for row in COMMUNITIES], memberships__isnull=True).delete()
    professions = apps.get_model("people", "Profession").objects
    professions.filter(code__in=[row[0] for row in PROFESSIONS], profiles__isnull=True).delete()


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [migrations.RunPython(write, take_away)]
