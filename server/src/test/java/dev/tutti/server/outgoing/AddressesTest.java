package dev.tutti.server.outgoing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressesTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
            127.0.0.1,        true
            10.1.2.3,         true
            172.16.0.1,       true
            172.32.0.1,       false
            192.168.1.1,      true
            169.254.169.254,  true
            100.64.0.1,       true
            100.128.0.1,      false
            0.1.2.3,          true
            192.0.0.1,        true
            192.0.2.1,        true
            192.0.3.1,        false
            198.51.100.1,     true
            203.0.113.1,      true
            203.0.114.1,      false
            198.18.0.1,       true
            224.0.0.1,        true
            255.255.255.255,  true
            8.8.8.8,          false
            ::1,              true
            ::,               true
            fe80::1,          true
            fd00::1,          true
            ff02::1,          true
            2001:4860::8888,  false
            ::ffff:10.0.0.1,  true
            64:ff9b::7f00:1,  true
            64:ff9b::808:808, false
            2002:0a00:1::1,   true
            2002:0808:808::1, false
            ::8.8.8.8,        true
            2001:db8::1,      true
            """)
    void knowsWhatIsInside(String address, boolean inside) throws UnknownHostException {
        assertThat(Addresses.isPrivate(InetAddress.getByName(address))).isEqualTo(inside);
    }
}
