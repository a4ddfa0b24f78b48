package io.tidecast.flink.registry.http;

import io.tidecast.flink.registry.RegistryException;
import io.tidecast.flink.registry.RegistrySettings.StoreFile;
import io.tidecast.flink.registry.RegistrySettings.Tls;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Makes what TLS needs of files: PEM, PKCS 12 or JKS. */
public final class TlsContext {

  private static final Pattern PEM =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
  private static final char[] NO_PASSWORD = new char[0];

  private TlsContext() {}

  /**
   * Reads the files.
   *
   * @param prefix what stands before {@code truststore} and {@code keystore} where people write
   *     them, such as {@code registry.tls.}
   * @param secrets makes of a password as it was written the password that is meant
   * @throws RegistryException if a file cannot be used
   */
  public static SSLContext of(Tls tls, String prefix, UnaryOperator<String> secrets) {
    try {
      if (tls.truststore() == null && tls.keystore() == null) {
        return SSLContext.getDefault();
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(
          tls.truststore() == null
              ? null
              : load(prefix + "truststore", tls.truststore(), secrets).store);
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      if (tls.keystore() == null) {
        keys.init(null, NO_PASSWORD);
      } else {
        Loaded own = load(prefix + "keystore", tls.keystore(), secrets);
        keys.init(own.store, own.password);
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new RegistryException("Java must be able to speak TLS", e);
    }
  }

  /** A store, and the password of the keys in it. */
  private record Loaded(KeyStore store, char[] password) {}

  private static Loaded load(String key, StoreFile file, UnaryOperator<String> secrets) {
    String password = file.password() == null ? null : secrets.apply(file.password());
    try {
      byte[] bytes = Files.readAllBytes(Path.of(file.path()));
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      if (text.contains("-----BEGIN ")) {
        return pem(text, password);
      }
      char[] secret = password == null ? null : password.toCharArray();
      KeyStore store = KeyStore.getInstance(new File(file.path()), secret);
      return new Loaded(store, secret == null ? NO_PASSWORD : secret);
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      String wanted =
          e instanceof InvalidPathException || !Files.isReadable(Path.of(file.path()))
              ? "must be a readable file"
              : "must be a file of certificates (PEM, PKCS 12 or JKS) that its password opens";
      throw new RegistryException("%s: %s=%s".formatted(wanted, key, file.path()), e);
    }
  }

  private static Loaded pem(String text, @Nullable String password)
      throws IOException, GeneralSecurityException {
    List<Certificate> certificates = new ArrayList<>();
    PrivateKey key = null;
    Matcher part = PEM.matcher(text);
    while (part.find()) {
      byte[] der = Base64.getMimeDecoder().decode(part.group(2));
      switch (part.group(1)) {
        case "CERTIFICATE" ->
            certificates.add(
                CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(der)));
        case "PRIVATE KEY" -> key = key(new PKCS8EncodedKeySpec(der));
        case "ENCRYPTED PRIVATE KEY" -> key = key(decrypted(der, password));
        default -> throw new GeneralSecurityException("unknown part " + part.group(1));
      }
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    if (key != null) {
      store.setKeyEntry("job", key, NO_PASSWORD, certificates.toArray(new Certificate[0]));
    } else {
      for (Certificate one : certificates) {
        store.setCertificateEntry("ca" + store.size(), one);
      }
    }
    if (store.size() == 0) {
      throw new GeneralSecurityException("no certificate");
    }
    return new Loaded(store, NO_PASSWORD);
  }

  private static PKCS8EncodedKeySpec decrypted(byte[] der, @Nullable String password)
      throws IOException, GeneralSecurityException {
    EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(der);
    String algorithm =
        info.getAlgParameters() == null ? info.getAlgName() : info.getAlgParameters().toString();
    Cipher cipher = Cipher.getInstance(algorithm);
    cipher.init(
        Cipher.DECRYPT_MODE,
        SecretKeyFactory.getInstance(algorithm)
            .generateSecret(
                new PBEKeySpec(password == null ? NO_PASSWORD : password.toCharArray())),
        info.getAlgParameters());
    return info.getKeySpec(cipher);
  }

  /** The key does not say of which kind it is, except by what it can be read as. */
  private static PrivateKey key(PKCS8EncodedKeySpec spec) throws GeneralSecurityException {
    GeneralSecurityException last = new GeneralSecurityException("no key");
    for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (GeneralSecurityException e) {
        last = e;
      }
    }
    throw last;
  }
}
