### Demovärldens tips.

demo-hint = Tips
demo-no-mailbox = I den här demon har bara Åsa Lindström en postlåda. Det hon spårat finns på de konton som du får läsa.
demo-dismiss = Jag förstår
demo-reply = Låt kunden svara
demo-replied = { $name } har svarat. Svaret finns i inkorgen.
demo-nobody-replies = Ingen har något att svara på än. Spåra ett meddelande först.
