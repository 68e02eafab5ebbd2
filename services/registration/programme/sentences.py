"""What a person reads for the codes of the programme: errors, warnings, what keeps it from being published.

What lives here: one French and one English sentence per code, with the params of that code. What must not: logic.
"""

from __future__ import annotations

from typing import Final

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "programme.invalid": (
        "Ce programme ne peut pas être repris : il contient des erreurs ({count}). Le programme en cours reste en place.",
        "This programme cannot be taken: it contains errors ({count}). The running programme stays in place.",
    ),
    "programme.not_publishable": (
        "Ce programme est enregistré, mais il y manque de quoi le publier.",
        "This programme is saved, but something is missing before it can be published.",
    ),
    # --- the file ---------------------------------------------------------------------------------------------------------
    "programme.no_file": ("Le dossier « {folder} » ne contient pas de programme.yaml.", "The folder “{folder}” has no programme.yaml."),
    "programme.not_utf8": ("Ce fichier n’est pas écrit en UTF-8.", "This file is not written in UTF-8."),
    "programme.malformed": (
        "L’écriture YAML est rompue ici (ligne {line}, colonne {column}) : vérifiez les retraits, les guillemets et les deux-points.",
        "The YAML breaks here (line {line}, column {column}): check indentation, quotes and colons.",
    ),
    "programme.empty": ("Ce fichier est vide.", "This file is empty."),
    "programme.too_big": ("Ce fichier est trop gros : {size} octets pour {max} au plus.", "This file is too big: {size} bytes, {max} at most."),
    "programme.too_deep": ("Les blocs sont trop imbriqués : {max} niveaux au plus.", "Blocks are nested too deep: {max} levels at most."),
    "programme.too_many_values": ("Ce fichier contient plus de {max} valeurs.", "This file holds more than {max} values."),
    "programme.alias": (
        "Les renvois YAML (« *nom ») ne sont pas acceptés : répétez la valeur.",
        "YAML aliases (“*name”) are not accepted: write the value again.",
    ),
    "programme.tag": ("Les étiquettes YAML (« !nom ») ne sont pas acceptées.", "YAML tags (“!name”) are not accepted."),
    "programme.several_documents": ("Un seul document par fichier : retirez « --- ».", "One document per file: remove “---”."),
    # --- fields -----------------------------------------------------------------------------------------------------------
    "programme.unknown_field": ("Le champ « {name} » n’existe pas ici.", "There is no field “{name}” here."),
    "programme.unknown_field_near": (
        "Le champ « {name} » n’existe pas ici. Vouliez-vous écrire « {nearest} » ?",
        "There is no field “{name}” here. Did you mean “{nearest}”?",
    ),
    "programme.duplicate_field": (
        "Le champ « {name} » est donné deux fois (déjà à la ligne {first}).",
        "The field “{name}” is given twice (first on line {first}).",
    ),
    "programme.missing_field": ("Il manque le champ « {name} ».", "The field “{name}” is missing."),
    "programme.not_name": ("Un nom de champ est attendu à gauche des deux-points.", "A field name is expected left of the colon."),
    "programme.not_scalar": ("Une seule valeur est attendue ici, pas une liste ni un bloc.", "One value is expected here, not a list or a block."),
    "programme.not_list": ("Une liste est attendue ici (une ligne « - … » par élément).", "A list is expected here (one line “- …” per item)."),
    "programme.not_block": ("Un bloc est attendu ici (des lignes « champ : valeur »).", "A block is expected here (lines “field: value”)."),
    "programme.too_many_items": ("Cette liste est trop longue : {max} éléments au plus.", "This list is too long: {max} items at most."),
    "programme.blank": ("Ce champ est vide.", "This field is empty."),
    "programme.too_long": (
        "Ce texte est trop long : {length} caractères pour {max} au plus.",
        "This text is too long: {length} characters, {max} at most.",
    ),
    "programme.one_line": ("Ce texte doit tenir sur une seule ligne.", "This text must be a single line."),
    "programme.control_character": ("Ce texte contient un caractère invisible interdit.", "This text contains a forbidden invisible character."),
    "programme.not_number": ("« {value} » n’est pas un nombre entier.", "“{value}” is not a whole number."),
    "programme.out_of_range": ("{value} n’est pas entre {low} et {high}.", "{value} is not between {low} and {high}."),
    "programme.not_flag": ("« {value} » : écrivez true ou false.", "“{value}”: write true or false."),
    "programme.bad_time": ("« {value} » n’est pas une heure : écrivez 8h45 ou 08:45.", "“{value}” is not a time: write 8h45 or 08:45."),
    "programme.bad_date": ("« {value} » n’est pas une date : écrivez 2021-06-03.", "“{value}” is not a date: write 2021-06-03."),
    "programme.bad_id": (
        "« {value} » ne peut pas servir d’identifiant : minuscules sans accent, chiffres et tirets.",
        "“{value}” cannot be an id: lower-case letters without accents, digits and hyphens.",
    ),
    "programme.bad_language": ("« {value} » n’est pas un code de langue (fr, en, …).", "“{value}” is not a language code (fr, en, …)."),
    "programme.bad_timezone": ("« {value} » n’est pas un fuseau horaire (Europe/Paris, …).", "“{value}” is not a time zone (Europe/Paris, …)."),
    "programme.bad_email": ("« {value} » n’est pas une adresse électronique.", "“{value}” is not an e-mail address."),
    "programme.bad_url": ("« {value} » n’est pas une adresse web (https://…).", "“{value}” is not a web address (https://…)."),
    "programme.bad_digest": ("« {value} » n’est pas une empreinte SHA-256.", "“{value}” is not a SHA-256 checksum."),
    "programme.bad_file": ("« {value} » n’est pas un nom de fichier accepté.", "“{value}” is not an accepted file name."),
    "programme.unknown_choice": (
        "« {value} » ne fait pas partie des choix : {choices}.",
        "“{value}” is not one of the choices: {choices}.",
    ),
    "programme.unknown_role": ("Le rôle « {value} » n’existe pas. Rôles : {choices}.", "There is no role “{value}”. Roles: {choices}."),
    # --- across blocks ----------------------------------------------------------------------------------------------------
    "programme.unknown_person": ("Personne ne porte l’identifiant « {id} » dans people.", "Nobody in people has the id “{id}”."),
    "programme.unknown_organisation": (
        "Aucun organisme ne porte l’identifiant « {id} » dans organisations.",
        "No body in organisations has the id “{id}”.",
    ),
    "programme.unknown_room": ("Aucune salle ne porte l’identifiant « {id} ».", "No room has the id “{id}”."),
    "programme.unknown_stage": ("Aucune scène ne porte l’identifiant « {id} ».", "No stage has the id “{id}”."),
    "programme.duplicate_id": ("« {id} » est déjà pris à la ligne {first}.", "“{id}” is already taken on line {first}."),
    "programme.end_before_start": ("La fin ({end}) n’est pas après le début ({start}).", "The end ({end}) is not after the start ({start})."),
    "programme.end_basis": (
        "end_basis dit « {value} », ce qui ne va pas avec la présence ou l’absence d’une heure de fin.",
        "end_basis says “{value}”, which does not go with an end being given or not.",
    ),
    "programme.end_not_next_start": (
        "La fin ({end}) est dite déduite du début suivant, qui est {next}.",
        "The end ({end}) is said to follow from the next start, which is {next}.",
    ),
    "programme.out_of_order": ("Ce début ({start}) précède le début d’avant ({before}).", "This start ({start}) is before the previous one ({before})."),
    "programme.stream_without_stage": ("Cette session est diffusée, mais sur aucune scène.", "This session is streamed, but on no stage."),
    "programme.session_unknown": ("La session « {id} » n’est pas au programme.", "The session “{id}” is not in the programme."),
    "programme.date_unknown": ("La date n’est pas connue.", "The date is not known."),
    "programme.start_unknown": ("L’heure de début de « {title} » n’est pas connue.", "The start of “{title}” is not known."),
    "programme.no_sessions": ("Le programme ne contient aucune session.", "The programme has no session."),
    # --- completion and theme ---------------------------------------------------------------------------------------------
    "completion.printed": (
        "« {field} » est donné par le programme imprimé : une supposition ne peut pas le remplacer.",
        "“{field}” is given by the printed programme: an assumption cannot replace it.",
    ),
    "completion.other_event": ("Ce fichier complète « {given} », pas « {expected} ».", "This file completes “{given}”, not “{expected}”."),
    "completion.unknown_id": ("Le programme n’a rien qui s’appelle « {id} ».", "The programme has nothing called “{id}”."),
    "theme.bad_colour": ("« {value} » n’est pas une couleur : écrivez \"#0F5C63\".", "“{value}” is not a colour: write \"#0F5C63\"."),
    "theme.accent_corrected": (
        "L’accent {accent} ne se lirait pas (contraste {contrast} pour {min}) : {used} le remplace.",
        "The accent {accent} could not be read (contrast {contrast}, {min} needed): {used} is used instead.",
    ),
    # --- warnings ---------------------------------------------------------------------------------------------------------
    "programme.warn.date_unknown": ("L’imprimé ne donne pas de date.", "The print gives no date."),
    "programme.warn.venue_unknown": ("L’imprimé ne donne pas de lieu.", "The print gives no venue."),
    "programme.warn.end_unknown": ("L’imprimé ne dit pas quand finit « {title} ».", "The print does not say when “{title}” ends."),
    "programme.warn.ends_inferred": (
        "{count} fins sont déduites du début suivant : l’imprimé ne donne que les débuts.",
        "{count} ends follow from the next start: the print gives only starts.",
    ),
    "programme.warn.unresolved": ("Ce fragment n’a trouvé sa place nulle part : « {text} ».", "This fragment found no place: “{text}”."),
    "programme.warn.spelling_variant": (
        "{name} s’écrit aussi « {variant} » : laquelle est la bonne ?",
        "{name} is also written “{variant}”: which one is right?",
    ),
    "programme.warn.accent_missing": ("« {part} » ({name}) a peut-être perdu un accent.", "“{part}” ({name}) may have lost an accent."),
    "programme.warn.capital_a": ("« {text}… » : sans doute « À ».", "“{text}…”: probably “À”."),
    "programme.warn.straight_apostrophe": ("Apostrophe droite dans « {text} ».", "Straight apostrophe in “{text}”."),
    "programme.warn.titles_semicolon": (
        "Les titres de {name} sont joints par « ; » : vérifiez le découpage.",
        "The titles of {name} are joined by “;”: check how they were split.",
    ),
    "programme.warn.titles_and": (
        "Les titres de {name} sont joints par « et » : vérifiez le découpage.",
        "The titles of {name} are joined by “et”: check how they were split.",
    ),
    "programme.warn.colon_missing": ("Il manque les deux-points après « {label} ».", "The colon after “{label}” is missing."),
    "programme.warn.tier_empty": ("« {heading} » est imprimé sans aucun nom.", "“{heading}” is printed without any name."),
    "programme.warn.notice_contact": (
        "« {heading} » renvoie aux organisateurs sans dire comment les joindre.",
        "“{heading}” refers to the organisers without saying how to reach them.",
    ),
}  # fmt: skip
