### Types and columns of one's own: their pages, and why something is not changed.

definitions = Types and columns
definitions-hint = What records there are, and what each of them holds. A change is there at once, for everybody.
definitions-own = Your own types
definitions-standard = Types that come with Regarding
definitions-none = No types of your own yet
definitions-none-hint = A project, a machine, a course: whatever your mail is about besides accounts and contacts.
definitions-add = New type
definitions-columns = { $count ->
    [one] { $count } column
   *[other] { $count } columns
}
definitions-file = The same as a file: regarding entity apply project.toml
definitions-export = Download as a file

definition-own-columns = Your own columns
definition-standard-columns = Columns that come with it
definition-every-columns = Columns that every record has
definition-no-columns = No columns of your own yet
definition-no-columns-hint = Add what else you want to know of each record.
definition-add-column = New column
definition-takes-activities = Mail can be regarding it
definition-takes-connections = Takes connections
definition-is-shown = Shown in lists and search
definition-change = Change the type
definition-records = Records
definition-set = In the Web API: { $name }

definition-name = Name in files and scripts
definition-name-hint = Small letters, digits and _, such as project. It never changes.
definition-column-hint = Small letters, digits and _, such as budget. It never changes.
definition-column-prefix-hint = Begins with a prefix of your own, such as new_budget. It never changes.
definition-label-en = In English
definition-label-sv = In Swedish
definition-one-en = One of them, in English
definition-one-sv = One of them, in Swedish
definition-plural-en = Several, in English
definition-plural-sv = Several, in Swedish
definition-ownership = Who its records belong to
definition-ownership-user = Somebody owns each one, and roles say who sees whose
definition-ownership-organization = The organization: administrators and readers see all of them, other roles as a file grants it
definition-activities = Mail and other activities can be regarding it
definition-connections = Other records can be connected to it
definition-forever = Once on, it stays on.
definition-browsable = Show it in the list of types and in the search
definition-icon = Symbol
definition-primary-hint = It begins with one column, Name. Add more of them next.

definition-kind = What it holds
definition-max = Longest text, in characters
definition-targets = Leads to
definition-options = Choices
definition-options-hint = One to a line: number, English, Swedish. Such as: 1, Small, Liten
definition-required = Must be filled in
definition-search = Quick find looks here
definition-list = Shown in lists
definition-stays-hint = It may take more characters, never fewer.
definition-targets-stay-hint = It may lead to more types, never to fewer.
definition-options-stay-hint = Choices may be called otherwise and added; none goes.
definition-option-set = Choices of the list { $name }
definition-key = Key: { $columns }

kind-text = Text, one line
kind-memo = Text, several lines
kind-email = E-mail address
kind-phone = Phone number
kind-url = Web address
kind-integer = Whole number
kind-money = Money
kind-decimal = Number with decimals
kind-float = Number with a floating point
kind-boolean = Yes or no
kind-date = Date
kind-datetime = Date and time
kind-choice = One of several choices
kind-choices = Any of several choices
kind-lookup = Another record
kind-key = Key of the program's own
kind-file = File

definition-drop-type = Drop the type
definition-drop-column = Drop the column
definition-drop-title = Drop { $name }?
definition-drop-unused = No record uses it. It cannot be brought back.
definition-drop-used = { $count ->
    [one] { $count } record loses what it holds there, for good.
   *[other] { $count } records lose what they hold there, for good.
}
definition-drop-records = { $count ->
    [one] { $count } record goes with it, for good, also out of the recycle bin. Mail regarding it stays, and is regarding nothing then.
   *[other] { $count } records go with it, for good, also out of the recycle bin. Mail regarding them stays, and is regarding nothing then.
}
definition-drop-count = Type { $count } to say that you know
definition-drop-wrong = That is not the number. { $count } records use it now.
definition-drop = Drop for good

definition-in-use = { $count ->
    [one] { $count } record uses it: it goes with that number stated.
   *[other] { $count } records use it: it goes with that number stated.
}
definition-unusable = This cannot be used: { $name }.
definition-no-name = “{ $name }” is no name: it takes 1 to 48 small letters, digits or _, and begins with a letter.
definition-reserved = The program needs the name “{ $name }” itself. Choose another one, such as new_{ $name }.
definition-standard = “{ $name }” came with Regarding and stays as it is.
definition-taken = There is a “{ $name }” already.
definition-no-prefix = A column for this type begins with a prefix of your own: new_{ $name } instead of { $name }.
definition-set-taken = Another type is called “{ $name }” in the Web API.
definition-way-taken = The type { $name } has a “{ $other }” already: call the relationship otherwise.
definition-not-there = There is no “{ $name }”.
definition-stays = The { $other } of “{ $name }” stays as it is: records rely on it.
definition-what-kind = kind
definition-what-ownership = ownership
definition-what-primary = naming column
definition-what-set = name in the Web API
definition-what-surname = order
definition-what-activities = activities
definition-what-connections = connections
definition-what-ends = two ends
definition-shorter = “{ $name }” takes { $number } characters, and records may hold as many. It can only take more.
definition-option-gone = “{ $name }” keeps its choice { $other }, which records may hold. It can only be called otherwise.
definition-target-gone = “{ $name }” goes on leading to { $other }, where records may point.
definition-needed = “{ $name }” is needed by { $other }: drop that first.
definition-no-label = “{ $name }” needs a name that people can read, of at most 100 characters, in both languages.
definition-too-long = “{ $name }” takes between 1 and { $number } characters.
definition-two-options = “{ $name }” has the choice { $other } twice.
definition-not-for-customers = “{ $name }” asks for something that only the types of Regarding itself have.
definition-no-key-column = “{ $name }” cannot be part of the key “{ $other }”: a key takes short texts, numbers, dates, choices and lookups.
definition-too-many = “{ $name }” has too many of them: at most { $number }.
definition-not-unique = Records share the values of the key “{ $name }”: make them differ first.
