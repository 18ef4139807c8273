### Lists out into files, files into records, records that are there already.

transfer = Exportera, importera…
transfer-of = Exportera och importera { $types }
export = Exportera
export-hint = Alla rader i listan som den är ordnad nu, inte bara en sida, så långt du får läsa dem.
export-columns-list = Listans
export-columns-all = Alla
export-format = Format
export-csv-comma = CSV med komma
export-csv-semicolon = CSV med semikolon
export-csv-tab = CSV med tabb
export-json = JSON
export-do = Ladda ner

import = Importera
import-hint = En CSV-fil på högst 10 MB vars första rad namnger kolumnerna. Ingenting skrivs innan du har sett vad det blir.
import-file = Vilken fil?
import-no-file = Välj en fil först.
import-empty = Filen har ingen rad med kolumnnamn. Spara den som CSV i kalkylprogrammet och välj den igen.
import-too-large = Filen är större än 10 MB. Dela upp den i mindre.
import-too-wide = Filen har fler än 500 kolumner.
import-title = Importera { $file }
import-rows = { $count ->
    [one] en rad
   *[other] { $count } rader
}
import-places = Vad blir varje kolumn?
import-nameless = Kolumn utan namn
import-leave = Utelämna
import-key = Postens egen nyckel
import-key-of = { $column }, med nyckel
import-needed = Behövs för en ny post, men har ingen kolumn: { $columns }
import-twice = ”{ $column }” är vald för två kolumner. Utelämna en av dem.
import-nothing-chosen = Ingen kolumn blir något än. Välj minst en.
import-twins = När en post med samma e-postadress eller namn redan finns
import-twins-skip = Utelämna raden
import-twins-update = Fyll i radens celler i den posten
import-twins-make = Skapa en post till
import-preview = De första raderna
import-do = { $count ->
    [one] Importera en rad
   *[other] Importera { $count } rader
}
import-running = Importerar
import-stopped = Importen stannade före slutet. Den fortsätter där den stannade, och ingen rad tas två gånger.
import-ended = Filen är importerad
import-go-on = Fortsätt
import-progress = { $rows } av { $all } rader
import-made = Importerade: { $count }
import-updated = Uppdaterade: { $count }
import-skipped = Utelämnade eftersom de redan finns: { $count }
import-failed = Misslyckade: { $count }
import-report = Rader som misslyckades
import-report-more = Filen att ladda ner har alla.
import-download = Ladda ner
import-line = Rad
import-column = Kolumn
import-why = Varför
import-several = Flera poster heter så. Skriv e-postadressen eller nyckeln i stället.
import-several-twins = Flera poster har den e-postadressen eller det namnet. Ange nyckeln till den som menas.
import-no-key = Det här är ingen nyckel till en post.

twins = Det finns redan en med den e-postadressen eller det namnet. Är det samma?
twins-save = Spara ändå
