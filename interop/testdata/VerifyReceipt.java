import java.io.ByteArrayOutputStream;
import java.nio.file.*;
import java.util.*;
import java.util.regex.*;
import org.bouncycastle.asn1.gm.*;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.Signer;
import org.bouncycastle.crypto.digests.*;
import org.bouncycastle.crypto.params.*;
import org.bouncycastle.crypto.signers.*;
import static java.nio.charset.StandardCharsets.*;

/**
 * Verifies receipts with BouncyCastle alone: both signatures of the checkpoint, and the path to each of its two roots.
 * java VerifyReceipt.java ED25519-VKEY SM2-VKEY FILE... prints a line for each file: "ok SIZE" or "refused: WHY".
 */
public class VerifyReceipt {
    public static void main(String[] args) throws Exception {
        for (String file : Arrays.asList(args).subList(2, args.length)) {
            try {
                System.out.println("ok " + verify(args[0], args[1], Files.readString(Path.of(file), ISO_8859_1)));
            } catch (RuntimeException e) {
                System.out.println("refused: " + e);
            }
        }
    }

    static long verify(String ed25519, String sm2, String file) {
        int head = file.indexOf("\n\n"), end = file.lastIndexOf("\n\n");
        String text = file.substring(head + 2, end + 1), signatures = file.substring(end + 2);
        Signer v = new Ed25519Signer();
        v.init(false, new Ed25519PublicKeyParameters(key(ed25519, "\1")));
        signed(v, ed25519, text, signatures);
        X9ECParameters x9 = GMNamedCurves.getByOID(GMObjectIdentifiers.sm2p256v1);
        ECDomainParameters curve = new ECDomainParameters(x9);
        v = new SM2Signer();
        v.init(false, new ParametersWithID(new ECPublicKeyParameters(
            x9.getCurve().decodePoint(key(sm2, "\u00ffSM2-with-SM3")), curve), "1234567812345678".getBytes(US_ASCII)));
        signed(v, sm2, text, signatures);

        String[] lines = text.split("\n"), proof = file.substring(0, head).split("\n");
        String extra = new String(Base64.getDecoder().decode(proof[1].substring("extra ".length())), UTF_8);
        byte[] leaf = string(find("\"leaf\":\"((?:[^\"\\\\]|\\\\.)*)\"", extra)).getBytes(UTF_8);
        long size = Long.parseLong(lines[1]), index = Long.parseLong(proof[2].substring("index ".length()));
        need(index < size, "index");
        List<byte[]> path = new ArrayList<>();
        for (String line : Arrays.asList(proof).subList(3, proof.length)) path.add(Base64.getDecoder().decode(line));
        byte[] found = root(new SHA256Digest(), leaf, index, size, path);
        need(lines[2].equals(Base64.getEncoder().encodeToString(found)), "SHA-256 root");
        path.clear();
        for (String h : find("\"sm3\":\\[([^\\]]*)\\]\\}$", extra).replace("\"", "").split(","))
            path.add(HexFormat.of().parseHex(h));
        found = root(new SM3Digest(), leaf, index, size, path);
        need(lines[3].equals("sm3 " + Base64.getEncoder().encodeToString(found)), "SM3 root");
        return size;
    }

    static void need(boolean holds, String what) {
        if (!holds) throw new IllegalArgumentException(what);
    }

    static String find(String pattern, String in) {
        Matcher m = Pattern.compile(pattern).matcher(in);
        need(m.find(), pattern);
        return m.group(1);
    }

    /** The text of a JSON string. */
    static String string(String json) {
        return Pattern.compile("\\\\(u([0-9a-f]{4})|.)").matcher(json).replaceAll(m -> Matcher.quoteReplacement(
            m.group(2) != null ? "" + (char) Integer.parseInt(m.group(2), 16)
                : "" + "\b\f\n\r\t\"\\/".charAt("bfnrt\"\\/".indexOf(m.group(1)))));
    }

    /** The key of NAME+HASH+KEY, behind its type. */
    static byte[] key(String vkey, String type) {
        byte[] k = Base64.getDecoder().decode(vkey.split("\\+", 3)[2]);
        need(new String(k, 0, type.length(), ISO_8859_1).equals(type), "type of key");
        return Arrays.copyOfRange(k, type.length(), k.length);
    }

    static void signed(Signer v, String vkey, String text, String signatures) {
        String[] key = vkey.split("\\+", 3);
        for (String line : signatures.split("\n")) {
            String[] words = line.split(" ");
            byte[] sig = Base64.getDecoder().decode(words[2]);
            if (!words[1].equals(key[0]) || !HexFormat.of().formatHex(sig, 0, 4).equals(key[1])) continue;
            byte[] bytes = text.getBytes(ISO_8859_1);
            v.update(bytes, 0, bytes.length);
            need(v.verifySignature(Arrays.copyOfRange(sig, 4, sig.length)), "signature");
            return;
        }
        need(false, "no signature by this key");
    }

    /** The root that a path leads to (RFC 9162, 2.1.3.2). */
    static byte[] root(Digest d, byte[] leaf, long at, long size, List<byte[]> path) {
        long last = size - 1;
        byte[] r = hash(d, new byte[] {0}, leaf);
        for (byte[] p : path) {
            need(last != 0, "the path is too long");
            if (at % 2 == 1 || at == last) {
                r = hash(d, new byte[] {1}, p, r);
                for (; at % 2 == 0 && at != 0; at /= 2) last /= 2;
            } else {
                r = hash(d, new byte[] {1}, r, p);
            }
            at /= 2;
            last /= 2;
        }
        need(last == 0, "the path is too short");
        return r;
    }

    static byte[] hash(Digest d, byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] p : parts) all.writeBytes(p);
        d.update(all.toByteArray(), 0, all.size());
        byte[] h = new byte[d.getDigestSize()];
        d.doFinal(h, 0);
        return h;
    }
}
