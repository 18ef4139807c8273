//! Where we differ from OASIS on purpose. A name that ends in a star stands for all that begin so; a second text picks
//! those whose input holds it. A listed case that comes to agree fails the test, as does an unlisted one that does not.

/// Each a reason and the names of cases.
pub type Exceptions = &'static [(&'static str, &'static [(&'static str, &'static str)])];

/// What the grammar knows, Dataverse has not, and we refuse.
pub const REFUSED: Exceptions = &[
    (
        "Years are 1 to 9999",
        &[
            ("Date: year zero", ""),
            ("Date: negative", ""),
            ("DateTimeOffset: year zero", ""),
            ("DateTimeOffset: negative", ""),
        ],
    ),
    (
        "There are no columns with a time and no day",
        &[
            ("4.3 Addressing entities - single entity (time)", ""),
            ("4.3 Addressing entities - single entity (time, *", ""),
        ],
    ),
    (
        "Keys stand in brackets, never behind a slash or behind a function's arguments",
        &[
            ("4.3.6  Key-as-Segment - navigation*", ""),
            ("4.3.6  Key-as-Segment - single entity (numeric*", ""),
            ("4.3.6  Key-as-Segment - single entity (multi*", ""),
            ("4.3.6  Key-as-Segment - single entity (string*", "People/"),
            ("4.3.6  Key-as-Segment - single entity (string*", "%2F"),
            ("4.10 Addressing a Member of an Ordered*", ""),
            ("4.3 Addressing entities - function call with subsequent key segment", ""),
        ],
    ),
    (
        "The resources $entity, $all and $crossjoin, and $query for long queries: clients use $batch",
        &[
            ("4.3.4 $entity*", ""),
            ("4.15 - Cross Join", ""),
            ("4.16 Addressing All Entities in a Service*", ""),
            ("4.17 Passing Query Options in the Request Body*", ""),
        ],
    ),
    (
        "A filter stands in $filter, not in a path",
        &[("4.12*", ""), ("4.8 Addressing the Count - in $filter with filtered collection", "")],
    ),
    (
        "divby, case, $compute, $index and $schemaversion are of OData 4.01",
        &[
            ("5.1.1.2.5 Division", "divby"),
            ("5.1.1.2.7 Arithmetic Operator Examples", "divby"),
            ("5.1.1.12 case*", ""),
            ("5.1.9 Index", ""),
            ("5.1.10 Compute", ""),
            ("5.1.10 Compute - many", ""),
            ("5.1.10 Compute - within $expand", ""),
            ("Schema Version - *", "$"),
        ],
    ),
    (
        "There are no columns with places on the globe",
        &[("5.1.1.11.3 geo.length", "geography"), ("$filter with geometry", "")],
    ),
    (
        "Lists and objects hold values, not columns or expressions",
        &[
            ("5.1.1.14.2 array of properties in array of arrays", ""),
            ("5.1.1.14.2 array of property names", ""),
            ("5.1.1.14.2 object with expression values", ""),
            ("right operand is not a list, it's a complicated way of writing FirstName", ""),
        ],
    ),
    (
        "An expression does not leave its table through $root",
        &[("5.1.1.14.5 $root*", ""), ("$root with *", ""), ("function with rootExpr*", "")],
    ),
    (
        "Columns are not collections or structures, so nothing is nested in $select",
        &[
            ("5.1.1.14.6 $this", "$select"),
            ("5.1.3 Select - nested*", ""),
            ("5.1.3 Select - actions and functions with signature*", ""),
        ],
    ),
    (
        "Annotations are asked for by Prefer and neither filtered, sorted nor expanded",
        &[
            ("5.1.1.16 Annotation Values*", ""),
            ("5.1.2 Expand - annotation*", ""),
            ("5.1.3 Select - annotations", ""),
        ],
    ),
    (
        "Inside $expand there are no aliases and no $search, and streams are not expanded",
        &[
            ("5.1.2 Expand - $count", "earch=Hugo"),
            ("5.1.2 Expand - multiple nested options", ""),
            ("5.1.2 Expand - stream property", ""),
            ("5.1.7 Search - nested $search*", ""),
            ("5.3 Parameter Aliases", "$this"),
        ],
    ),
    (
        "No option comes twice, $format neither",
        &[("5.1.8 Format", ""), ("5.1.8 Format - value is case-insensitive", "")],
    ),
    (
        "Functions in an expression are called on the record, and nothing follows them",
        &[
            ("Functions in commonExpr - composed functions*", ""),
            ("Functions in commonExpr - singleNavigation*", ""),
            ("Functions in commonExpr - stream property", ""),
            ("Functions in commonExpr - collectionNavigation*", ""),
            ("Functions in commonExpr - complexPath", ""),
            ("Functions in commonExpr - collectionPath*", ""),
            ("Functions in commonExpr - singlePath*", ""),
        ],
    ),
    (
        "What stands behind # never reaches a server",
        &[("Context URL - Entity set with $select", "$metadata#")],
    ),
];

/// What the grammar refuses and we take, mostly to decide later with the definitions at hand.
pub const TAKEN: Exceptions = &[
    (
        "Only the definitions tell an action from a function, a cast from a column, a stream from a text",
        &[
            ("4.5.1 Call action at service root", ""),
            ("4.5.2 Call function import - only at service root", ""),
            ("4.7 Addressing a Property Value - complex", ""),
            ("4.7 Named Stream Property - $value does not make sense here", ""),
            ("4.11 Inheritance - key access, then cast to subtype - only once", ""),
            ("Functions in commonExpr", "Model.Available"),
        ],
    ),
    ("People paste filters with spaces around them", &[("5.1.1 Filter: no spaces", "= ")]),
    ("Searches are kept as typed", &[("5.1.7 Search - simple term with unencoded semicolon", "")]),
    (
        "Options that we do not know are passed on, with and without a value",
        &[("5.1.7 Search - simple term with unencoded ampersand", ""), ("Next Link: no Ampersand", "")],
    ),
];
