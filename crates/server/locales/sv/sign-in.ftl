### sign-in
