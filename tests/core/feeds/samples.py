"""Feeds as shops and their plug-ins write them, shortened to a few products."""

from __future__ import annotations

RSS = b"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0">
  <channel>
    <title>Example - Online Store</title>
    <link>https://shop.example.com</link>
    <description>This is a sample feed &amp; more</description>
    <!-- <item><g:id>commented out</g:id></item> -->
    <item>
      <!-- Basic product information -->
      <g:id>TV_123456</g:id>
      <g:title>Google Chromecast with Google TV</g:title>
      <g:link>https://shop.example.com/tv?a=1&amp;b=2</g:link>
      <g:image_link>https://img.example.com/TV_123456.png</g:image_link>
      <g:price>49.99 USD</g:price>
      <g:shipping>
        <g:country>US</g:country>
        <g:price>6.49 USD</g:price>
      </g:shipping>
    </item>
    <item>
      <g:id>DVD-0564738</g:id>
      <g:title><![CDATA[Mad Max & <b>Fury</b> Road]]></g:title>
      <g:image_link><![CDATA[ https://img.example.com/a.jpg?x=1&y=2 ]]></g:image_link>
      <g:additional_image_link>https://img.example.com/b.jpg</g:additional_image_link>
      <g:additional_image_link>https://img.example.com/c.jpg</g:additional_image_link>
      <g:custom_label_0>summer</g:custom_label_0>
    </item>
    <item><g:id>DVD-0564738</g:id><title>Caf&amp;eacute; &amp;amp; bar</title>
      <g:image_link>/img/mein bild.jpg</g:image_link></item>
    <item><title>No id</title><g:image_link/></item>
  </channel>
</rss>
"""

ATOM = """<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:base="http://base.google.com/ns/1.0" xml:base="https://shop.example.com/de/">
<title>Beispiel</title>
<link href="https://shop.example.com" rel="alternate" type="text/html"/>
<entry>
  <id>https://shop.example.com/p/1</id>
  <base:id> tddy123uk </base:id>
  <title>Mütze, rot</title>
  <link href="https://shop.example.com/p/1"/>
  <link rel="self" href="https://shop.example.com/feed/1"/>
  <base:image_link>bilder/mütze rot.jpg</base:image_link>
  <base:price>25 GBP</base:price>
</entry>
<entry xml:lang="de"><id>2</id><title type="html">Schal &lt;b&gt;</title>
  <image_link>//cdn.example.com/2.jpg</image_link></entry>
</feed>
""".encode()

PLAIN_RSS = b"""<rss version="2.0"><channel>
<item><id>1</id><title>One</title><image_link>https://i.example.com/1.jpg</image_link><price>1 EUR</price></item>
<item><id>2</id><title>Two</title><image_link>https://i.example.com/2.jpg</image_link><price></price></item>
</channel></rss>"""

TSV = (
    b"id\ttitle\tlink\timage link\tadditional image link\tprice\r\n"
    b'1\t24" monitor\thttps://s.example.com/1\thttps://i.example.com/1.jpg\t'
    b"https://i.example.com/1b.jpg,https://i.example.com/1c,d.jpg\t1 EUR\r\n"
    b'2\t"Best" shirt\thttps://s.example.com/2\thttps://i.example.com/2.jpg\t\t2 EUR\r\n'
)

CSV = (
    b'ID;"Image Link";Title;Description\n'
    b'1;"https://i.example.com/1.jpg";"Shirt; ""blue""";"two\nlines"\n'
    b"\n"
    b"2;https://i.example.com/2 x.jpg;Caf&eacute;;\n"
    b";https://i.example.com/3.jpg;No id;\n"
)

META_CSV = b"# Required | The id,# Required,# Required\nid,title,image_link\nA-1,Shoe,https://i.example.com/a.jpg\n"

ALL = {"rss": RSS, "atom": ATOM, "plain rss": PLAIN_RSS, "tsv": TSV, "csv": CSV, "meta csv": META_CSV}
