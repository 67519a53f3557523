import java.io.FileReader;
import java.math.BigInteger;
import java.nio.file.*;
import java.security.*;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.*;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.*;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.*;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.jcajce.*;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.*;
import org.bouncycastle.operator.jcajce.*;
import org.bouncycastle.tsp.*;

/**
 * A time-stamp authority of SM2 with SM3 by BouncyCastle, and a verifier of stamps.
 * java TimeStamp reply QUERY REPLY CA        answers a query; CA is written: the root, made for this answer
 * java TimeStamp verify CA TOKEN HASH        prints "ok TIME" or "refused: WHY"; the hash in hexadecimal digits
 */
@SuppressWarnings("unchecked")
public class TimeStamp {
    public static void main(String[] args) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        if (args[0].equals("reply")) {
            Files.write(Path.of(args[2]), reply(Files.readAllBytes(Path.of(args[1])), args[3]));
            return;
        }
        try {
            System.out.println("ok " + verify(args[1], Files.readAllBytes(Path.of(args[2])), args[3]));
        } catch (TSPException | RuntimeException e) {
            System.out.println("refused: " + e);
        }
    }

    static KeyPair keys() throws Exception {
        KeyPairGenerator g = KeyPairGenerator.getInstance("EC", "BC");
        g.initialize(new ECGenParameterSpec("sm2p256v1"));
        return g.generateKeyPair();
    }

    static X509Certificate certificate(String name, PublicKey key, String by, PrivateKey signer, int serial, boolean root)
            throws Exception {
        Date from = new Date(System.currentTimeMillis() - 3600_000L), to = new Date(from.getTime() + 3650L * 86400_000L);
        JcaX509v3CertificateBuilder b = new JcaX509v3CertificateBuilder(new X500Principal("CN=" + by),
            BigInteger.valueOf(serial), from, to, new X500Principal("CN=" + name), key);
        b.addExtension(Extension.basicConstraints, true, new BasicConstraints(root));
        if (root) b.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
        else b.addExtension(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(KeyPurposeId.id_kp_timeStamping));
        return new JcaX509CertificateConverter().setProvider("BC").getCertificate(b.build(signer(signer)));
    }

    static ContentSigner signer(PrivateKey key) throws Exception {
        return new JcaContentSignerBuilder("SM3withSM2").setProvider("BC").build(key);
    }

    static byte[] reply(byte[] query, String ca) throws Exception {
        KeyPair root = keys(), own = keys();
        X509Certificate rootCert = certificate("SM2 root", root.getPublic(), "SM2 root", root.getPrivate(), 1, true);
        X509Certificate cert = certificate("SM2 authority", own.getPublic(), "SM2 root", root.getPrivate(), 2, false);
        try (JcaPEMWriter w = new JcaPEMWriter(Files.newBufferedWriter(Path.of(ca)))) {
            w.writeObject(rootCert);
        }
        DigestCalculatorProvider digests = new JcaDigestCalculatorProviderBuilder().setProvider("BC").build();
        DigestCalculator sm3 = digests.get(new AlgorithmIdentifier(TSPAlgorithms.SM3));
        TimeStampTokenGenerator g = new TimeStampTokenGenerator(
            new JcaSignerInfoGeneratorBuilder(digests).build(signer(own.getPrivate()), cert), sm3,
            new ASN1ObjectIdentifier("1.2.156.1.1"));
        g.addCertificates(new JcaCertStore(List.of(cert)));
        TimeStampResponseGenerator r = new TimeStampResponseGenerator(g, Set.of(TSPAlgorithms.SM3));
        return r.generate(new TimeStampRequest(query), BigInteger.valueOf(7), new Date()).getEncoded();
    }

    static String verify(String ca, byte[] token, String hash) throws Exception {
        TimeStampToken t = new TimeStampToken(new CMSSignedData(token));
        X509CertificateHolder root;
        try (PEMParser p = new PEMParser(new FileReader(ca))) {
            root = (X509CertificateHolder) p.readObject();
        }
        X509CertificateHolder cert = (X509CertificateHolder) t.getCertificates().getMatches(t.getSID()).iterator().next();
        t.validate(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(cert));
        if (!cert.isSignatureValid(new JcaContentVerifierProviderBuilder().setProvider("BC").build(root)))
            throw new TSPException("the certificate is not by this root");
        if (!Arrays.equals(t.getTimeStampInfo().getMessageImprintDigest(), HexFormat.of().parseHex(hash)))
            throw new TSPException("another hash");
        return t.getTimeStampInfo().getGenTime().toString();
    }
}
