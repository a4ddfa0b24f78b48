package io.tidecast.flink.registry.http;

import io.tidecast.flink.registry.RegistrySettings.Tls;
import java.net.URI;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says why the job and its registry do not trust each other, and what is to be done about it. */
final class TlsFailure {

  private TlsFailure() {}

  /** Returns the failure of TLS that is behind another; empty where there is none. */
  static Optional<SSLException> of(@Nullable Throwable failure) {
    for (Throwable one = failure; one != null; one = one.getCause()) {
      if (one instanceof SSLException tls) {
        return Optional.of(tls);
      }
    }
    return Optional.empty();
  }

  /**
   * Returns a sentence for it.
   *
   * @param url that was asked, of which nothing but the host is shown
   */
  static String said(SSLException failure, URI url, Tls tls) {
    for (Throwable one = failure.getCause(); one != null; one = one.getCause()) {
      if (one instanceof CertificateExpiredException
          || one instanceof CertificateNotYetValidException) {
        return "schema registry must have a certificate that is valid now, and it has one of another time";
      }
      if (one instanceof CertPathBuilderException) {
        return "schema registry must have a certificate that the job trusts, and nobody whom %s trusts has signed it; give the certificate of who has as registry.tls.truststore"
            .formatted(tls.truststore() == null ? "Java" : "registry.tls.truststore");
      }
    }
    if (failure.getCause() instanceof CertificateException) {
      return "schema registry must have a certificate for the host of registry.url, and it has one for another name than %s; give the address with the name that is in the certificate"
          .formatted(url.getHost());
    }
    String library = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    if (library.contains("unrecognized ssl message")) {
      return "schema registry must speak TLS at an address of https, and it does not; is it http there?";
    }
    // What the other side sends: bad_certificate, certificate_required, unknown_ca and so on.
    if (library.contains("alert") && (library.contains("certificate") || library.contains("_ca"))) {
      return "schema registry must take the certificate of the job, and " + refused(tls);
    }
    return "schema registry must have a certificate that the job trusts, and take the job's own; registry.tls says which they are";
  }

  /**
   * Says what may be behind a connection that ends with no answer. Since TLS 1.3 the job's side is
   * ready before the registry has looked at the job's certificate, and often hears no more.
   */
  static String ended(Tls tls) {
    return ", which it does where it does not take the certificate of the job: it " + refused(tls);
  }

  private static String refused(Tls tls) {
    return tls.keystore() == null
        ? "asks for one; give it with its key as registry.tls.keystore"
        : "refuses that of registry.tls.keystore; give one that is signed by whom the registry trusts";
  }
}
