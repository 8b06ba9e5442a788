/**
 * Verdicts of YARA-X 1.20 over regular expressions without blanks.
 *
 * @module
 */

/** Regular expressions that YARA-X 1.20 takes as patterns, recorded from it. */
export const ACCEPTED = String.raw`
  abc a\/b a{2,} a{2}? }]a []a] [^]a] [a-] [-a] [a--b] [a&&b] [a-z&&[^aeiou]] [[:alpha:]] [[:foo:]]
  [:alpha:] \d\D\w\W\s\S \bfoo\B \b{start}foo \<foo\> \Afoo\z \x41\x{41} \u0041 \U00000041
  \a\f\t\n\r\v (?i)foo (?i:foo)bar (?s).foo (?m)^foo$ (?U)fo+o (?R)foo.bar (?:foo) (?P<n>foo)
  (?<n>foo) a{2}{3} (a|ab)(c|bcd) é [\xe9] \xe9 é+ .*foo .*foo.* .+ foo.* a{1000} a{40000} (abc){1000}
  (abcdefgh){5000} a{100000} [\/] \xff\x00 [^\x00-\xff] a[^\x00-\xff]b .{4} .. \- [a~~b] a??b a+?b
  a{0,0}b ^*a a\b* [a\]b] [a-c-e] [a-c-] (?s:.)*?x a.{0,300}b \x{ff} \x{e9} (?-i)a (?i)é a\!1 a\"1
  a\#1 a\$1 a\%1 a\&1 a\'1 a\(1 a\)1 a\*1 a\+1 a\,1 a\-1 a\.1 a\:1 a\;1 a\<1 a\=1 a\>1 a\?1 a\@1 a\A1
  a\B1 a\D1 a\S1 a\W1 a\[1 a\\1 a\]1 a\^1 a\_1 a\a1 a\b1 a\d1 a\f1 a\n1 a\r1 a\s1 a\t1 a\v1 a\w1 a\z1
  a\{1 a\|1 a\}1 a\~1 a[\d] a[\D] a[\w] a[\W] a[\s] a[\S] a[\a] a[\f] a[\t] a[\n] a[\r] a[\v] a[\-]
  a[\^] a[\]] a[\&] a[\~] a[\[] a\b{end} a\b{1} a[\x{41}-\x{43}] (?s).*foo (?s).+foo (?i)(?s)a.*b
  (?s-i:a.)b (?-s)a. (a(?i)b)c (?:)a ((a)) a{2,3}{4} ] } a} [a-z&&b-y] [&&a] [a&&] [a&&&b] [^&&a]
  [a~b] [a&b] [--a] [---] [a-b-] [[:^alpha:]] [[:alpha]] [^[:alpha:]] [[:^word:]a] [[^a]b] [a[^b]c]
  [\d\D]a [^\d\D]a [a-\x{7a}] [\]-a] [!-~] (?U)a*?b (?R)a$ (?m)$a (?u:a) (?u:é) (?u)[é] (?ui)k
  a{3}?b{2}? \bx\b (^|a)b ($|a)b a^b a$b
`.trim().split(/\s+/);

/** And those that it refuses. */
export const REFUSED = String.raw`
  a{ a{2 a{,3} a{,} a{3,2} a*.b*? x{2}.*?y [[a] \pL \p{Greek} \b{start-half}foo foo\Z \R \y \0 \1 \e
  (?=foo)bar (?!foo)bar (?<=foo)bar (?<!foo)bar foo) (foo +a |*a (*a) a** a| |a () (|a) a{0} (a*)* [é]
  a* ^ $ ^$ \x4 \xZZ [a [\b] [a-\d] [z-a] [\d-z] (?i (? (?) (?i-) (?ii)foo (?z)foo a{4294967296}
  (a+?)+b [[] a[[]b] a{1}?b* (ab){1}?c+ [\x{e9}] (?i)[é] a\01 a\11 a\21 a\31 a\41 a\51 a\61 a\71 a\81
  a\91 a\C1 a\E1 a\F1 a\G1 a\H1 a\I1 a\J1 a\K1 a\L1 a\M1 a\N1 a\O1 a\P1 a\Q1 a\R1 a\T1 a\U1 a\V1 a\X1
  a\Y1 a\Z1 a\c1 a\e1 a\g1 a\h1 a\i1 a\j1 a\k1 a\l1 a\m1 a\o1 a\p1 a\q1 a\u1 a\x1 a\y1 a[\b] a[\B]
  a[\x] a[\A] a[\z] a[\0] a\é a\b{foo} a\b{start a\b{ \x{}a \x{110000}a \x{d800}a \xg (?i-)a (?-)a
  (?--i)a (?i-i)a (?P<1>a) (?P<n>a)(?P<n>b) (?P<>a) (?P<n (?Pn) (?P=n) (?#c)a (?>a) (?i)*a (?i){2}a
  a|* a{2,3}?{4} [^] [ a{x} a{1,x} a{1,2 a{1, [[:alpha:] \Q \G \K \X \N \h \H \pN \p [\pN] a{3}b{2,}?
  a{0}b+? \B \b a|^ a|\b ^a*$ x*|y
`.trim().split(/\s+/);
