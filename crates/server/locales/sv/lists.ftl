### Listor som man ordnar dem, vyer, många poster på en gång, papperskorgen, historik.

list-columns = Kolumner
list-columns-do = Visa dessa
list-columns-usual = De vanliga
list-add-filter = Lägg till filter
list-remove = Ta bort filtret: { $filter }
list-value = Värde
list-or = eller
list-views = Vyer
list-views-all = För alla
list-views-own = Personliga
list-view-asks = och vad vyn i övrigt frågar efter
list-nothing-fits = Ingenting passar filtren
list-nothing-fits-hint = Ta bort ett av dem, eller visa alla.
list-in-all = { $count ->
    [one] en totalt
   *[other] { $count } totalt
}
list-more-than = fler än { $count } totalt
list-tick-page = Markera alla på sidan
list-tick = Markera { $name }
list-keep = Spara vy…
list-keep-do = Spara som ny vy
list-keep-changes = Spara ändringarna i ”{ $view }”
list-view-name = Vad ska vyn heta?
list-view-delete = Ta bort ”{ $view }”
list-for-me = För mig
list-for-everybody = För alla
list-bulk = Med många rader
list-bulk-which = Vilka rader
list-bulk-ticked = Markerade rader
list-bulk-all = Alla { $count } som passar
list-bulk-edit = Ändra…
list-bulk-delete = Ta bort…

## Villkor

op-contains = innehåller
op-not-contain = innehåller inte
op-begins-with = börjar med
op-ends-with = slutar med
op-eq = är
op-ne = är inte
op-ge = är minst
op-le = är högst
op-gt = är mer än
op-lt = är mindre än
op-in = är
op-not-in = är inte
op-contain-values = har
op-not-contain-values = har inte
op-null = är tomt
op-not-null = är ifyllt
op-on = den
op-on-or-after = från och med
op-on-or-before = till och med
op-today = i dag
op-this-week = den här veckan
op-this-month = den här månaden
op-this-year = i år
op-last-x-days = de senaste { $count } dagarna
op-next-x-days = de närmaste { $count } dagarna
op-eq-userid = är jag
op-ne-userid = är inte jag
op-eq-useroruserteams = är jag eller något av mina team

## Många poster på en gång

bulk-change = Ändra { $what }
bulk-change-text = Alla { $what } får det här värdet. Det som stod där förut finns kvar i deras historik.
bulk-empty = Töm fältet
bulk-empty-or-not = Ange vad som ska stå där, eller kryssa i nedan att fältet ska vara tomt.
bulk-which-column = Vad ska ändras?
bulk-next = Fortsätt
bulk-delete = Ta bort { $what }
bulk-delete-text = { $what } hamnar i papperskorgen.
bulk-too-many = Fler än 5 000 poster passar. Lägg till ett filter, så att varje steg går att överblicka.
bulk-none-ticked = Ingen rad är markerad. Markera några, eller välj alla som passar.
bulk-none-match = Ingenting passar längre.
bulk-back = Tillbaka till listan
bulk-changed = Ändrade { $what }
bulk-deleted = Tog bort { $what }
bulk-left-not-allowed = { $count ->
    [one] En lämnades i fred: din roll tillåter det inte där.
   *[other] { $count } lämnades i fred: din roll tillåter det inte där.
}
bulk-left-changed = { $count ->
    [one] En lämnades i fred: någon annan ändrade den i samma ögonblick.
   *[other] { $count } lämnades i fred: någon annan ändrade dem i samma ögonblick.
}
bulk-left-invalid = { $count ->
    [one] En lämnades i fred: värdet passar inte där.
   *[other] { $count } lämnades i fred: värdet passar inte där.
}
bulk-left-held-back = { $count ->
    [one] En lämnades i fred: något som ska finnas kvar hör till den.
   *[other] { $count } lämnades i fred: något som ska finnas kvar hör till dem.
}

## Att ta bort

delete-title = Ta bort ”{ $name }”?
delete-text = Posten hamnar i papperskorgen och kan återställas därifrån.
delete-along = Det här följer med: { $what }.
delete-alone = Inget annat följer med.
delete-do = Ta bort

## Papperskorgen

bin = Papperskorg
bin-hint = Det som du får ta bort och som du eller andra har tagit bort, det senaste först.
bin-type = Typ
bin-all-types = Alla typer
bin-show = Visa
bin-empty = Papperskorgen är tom
bin-empty-hint = Det som tas bort ligger här tills det återställs eller raderas för gott.
bin-deleted-by = { $when }, av { $name }
bin-deleted = { $when }
bin-restore = Återställ
bin-restored = ”{ $name }” är tillbaka.
bin-erase = Radera för gott…
bin-erase-text = Ingenting hämtar tillbaka den: anteckningarnas text, filerna och de gamla värdena försvinner också. Att den fanns finns kvar.
bin-erase-do = Radera för gott

## Historik

history = Historik
history-text = Vem som ändrade vad, det senaste först.
history-empty = Inget är känt om tidigare ändringar
history-create = skapade den
history-update = ändrade den
history-delete = tog bort den
history-restore = återställde den
history-erase = raderade den
history-column = Fält
history-was = Före
history-became = Efter
history-nothing = tomt
history-not-kept = sparas inte
history-somebody = någon
history-older = Visa äldre

## Status och ägare

state-change = Ändra status…
state-title = Ändra status
state-new = Ny status
state-why = Vad sades?
state-why-hint = Det blir en anteckning på tidslinjen.
state-do = Ändra status
owner-change = Tilldela…
owner-title = Tilldela någon annan
owner-text = Det som hör till posten följer med, så långt du får tilldela det.
owner-do = Tilldela
record-more = Fler åtgärder

## Aktiviteter

activity-new = Ny aktivitet

file-take = Ladda upp
file-remove = Ta bort filen
