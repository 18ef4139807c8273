### Demovärldens tips.

demo-hint = Tips
demo-dismiss = Jag förstår
demo-reply = Låt kunden svara
demo-replied = { $name } har svarat. Svaret finns i inkorgen.
demo-nobody-replies = Ingen har något att svara på än. Spåra ett meddelande först.
